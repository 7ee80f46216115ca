//go:build !windows

package ldapattr

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jcmturner/gokrb5/v8/iana/errorcode"
	"github.com/jcmturner/gokrb5/v8/messages"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// gokrb5's own transport knows neither contexts nor bounds and hides the error
// number of a KDC in text, so we carry its messages ourselves, over TCP only.

const (
	portKerberos = "88"
	maxKDCReply  = 1 << 20
	maxKDCs      = 8
)

// kdcList is the KDCs of one realm. Those that only DNS knows are asked for when
// all others have failed: a name server may be silent, too.
type kdcList struct {
	known []string                       // host:port
	more  func(context.Context) []string // nil: there are no others
}

// at returns KDC number i, and into how many parts to divide the time that is left.
func (k *kdcList) at(ctx context.Context, i int, timeout time.Duration) (kdc string, parts int) {
	if i == len(k.known) && k.more != nil {
		share, cancel := context.WithTimeout(ctx, shareOf(ctx, 2, timeout))
		defer cancel()
		for _, address := range k.more(share) {
			if len(k.known) < maxKDCs && !slices.Contains(k.known, address) {
				k.known = append(k.known, address)
			}
		}
		k.more = nil
	}
	if i >= len(k.known) {
		return "", 0
	}
	parts = len(k.known) - i
	if k.more != nil {
		parts++
	}
	return k.known[i], parts
}

// askKDC sends a request to the first KDC of the realm that answers, which the next
// request begins with. A refusal is a messages.KRBError.
func (d *dialer) askKDC(ctx context.Context, kdcs *kdcList, request []byte) ([]byte, error) {
	var failures []error
	for i := 0; ctx.Err() == nil; i++ {
		kdc, parts := kdcs.at(ctx, i, d.cfg.timeout())
		if parts == 0 {
			break
		}
		share, cancel := context.WithTimeoutCause(ctx, shareOf(ctx, parts, d.cfg.timeout()), errNoAnswer)
		reply, err := askOneKDC(share, kdc, request)
		err = noAnswer(share, err)
		cancel()
		if err == nil {
			err = refusal(reply)
			if !isOutOfService(err) {
				kdcs.known[0], kdcs.known[i] = kdcs.known[i], kdcs.known[0]
				return reply, err
			}
		}
		failures = append(failures, fmt.Errorf("KDC %s: %w", kdc, err))
	}
	if len(failures) == 0 {
		return nil, noAnswer(ctx, errors.New("no KDC is known"))
	}
	return nil, errors.Join(failures...)
}

// askOneKDC frames request and reply by their lengths (RFC 4120, section 7.2.2).
func askOneKDC(ctx context.Context, address string, request []byte) ([]byte, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			return nil, err
		}
	}
	framed := append(binary.BigEndian.AppendUint32(nil, uint32(len(request))), request...)
	if _, err := conn.Write(framed); err != nil {
		return nil, err
	}
	var prefix [4]byte
	if _, err := io.ReadFull(conn, prefix[:]); err != nil {
		return nil, err
	}
	length := binary.BigEndian.Uint32(prefix[:])
	if length > maxKDCReply {
		return nil, fmt.Errorf("it announces %d octets", length)
	}
	reply := make([]byte, length)
	_, err = io.ReadFull(conn, reply)
	return reply, err
}

// refusal returns the KRB-ERROR that a reply is, if it is one.
func refusal(reply []byte) error {
	const krbError = 0x60 | 30 // [APPLICATION 30]
	if len(reply) == 0 || reply[0] != krbError {
		return nil
	}
	var refused messages.KRBError
	if err := refused.Unmarshal(reply); err != nil {
		return err
	}
	return refused
}

// kdcsOf lists the KDCs of a realm: those of krb5.conf, else the domain
// controller that we talk to anyway, then those of DNS.
func (d *dialer) kdcsOf(realm, dc string, conf krb5Conf) *kdcList {
	if list := conf.kdcs[realm]; len(list) > 0 {
		return &kdcList{known: slices.Clone(list[:min(len(list), maxKDCs)])}
	}
	kdcs := &kdcList{}
	if strings.EqualFold(realm, d.realmOf(dc, conf)) {
		kdcs.known = append(kdcs.known, net.JoinHostPort(dc, portKerberos))
	}
	if checkDomain(realm) == nil {
		kdcs.more = func(ctx context.Context) []string { return kdcsFromDNS(ctx, realm) }
	}
	return kdcs
}

// kdcsFromDNS asks for SRV records (RFC 4120, section 7.2.3.2). Without an answer
// there is what we have.
func kdcsFromDNS(ctx context.Context, realm string) []string {
	var list []string
	_, records, _ := net.DefaultResolver.LookupSRV(ctx, "kerberos", "tcp", strings.ToLower(realm)+".") // absolute: no search list
	for _, record := range records {
		if host := strings.TrimSuffix(record.Target, "."); host != "" && record.Port != 0 {
			list = append(list, net.JoinHostPort(host, strconv.Itoa(int(record.Port))))
		}
	}
	return list
}

// isOutOfService: the KDC answers, but only that it does not work.
func isOutOfService(err error) bool {
	var refused messages.KRBError
	return errors.As(err, &refused) &&
		(refused.ErrorCode == errorcode.KDC_ERR_SVC_UNAVAILABLE || refused.ErrorCode == errorcode.KRB_ERR_GENERIC)
}

// isAnothersTicket: another domain controller has another name, key, clock and KDC.
// What is about the user is the same everywhere, and a wrong password counts.
func isAnothersTicket(err error) bool {
	var refused messages.KRBError
	if !errors.As(err, &refused) {
		return false
	}
	switch refused.ErrorCode {
	case errorcode.KDC_ERR_S_PRINCIPAL_UNKNOWN, errorcode.KRB_AP_ERR_SKEW, errorcode.KRB_AP_ERR_MODIFIED:
		return true
	}
	return isOutOfService(err)
}

// explainKerberos turns a KDC's refusal (RFC 4120, section 7.5.9) or an unusable
// ticket into an answer for humans.
func explainKerberos(e *Error, err error) bool {
	var refused messages.KRBError
	if !errors.As(err, &refused) {
		return explainTicket(e, err)
	}
	e.Kind, e.Win32, e.SubCode = ErrAuth, winerr.LogonFailure, "KRB "+strconv.Itoa(int(refused.ErrorCode))
	switch refused.ErrorCode {
	case errorcode.KDC_ERR_SVC_UNAVAILABLE, errorcode.KRB_ERR_GENERIC:
		e.Kind, e.Win32, e.Hint = ErrUnreachable, winerr.NoLogonServers, "the KDC is out of service; its event log says why"
	case errorcode.KDC_ERR_C_PRINCIPAL_UNKNOWN:
		e.Win32, e.Hint = winerr.NoSuchUser, "the KDC does not know the user; check name and realm"
	case errorcode.KDC_ERR_S_PRINCIPAL_UNKNOWN:
		e.Hint = "the KDC does not know this server by its name; give the domain controller's full DNS name"
	case errorcode.KDC_ERR_PREAUTH_FAILED, errorcode.KRB_AP_ERR_BAD_INTEGRITY:
		e.Hint = "the password or the keytab is wrong"
	case errorcode.KDC_ERR_CLIENT_REVOKED:
		e.Win32, e.Hint = winerr.AccountDisabled, "the account is disabled, locked or expired"
	case errorcode.KDC_ERR_KEY_EXPIRED:
		e.Win32, e.Hint = winerr.PasswordExpired, "the password has expired"
	case errorcode.KRB_AP_ERR_SKEW:
		e.Hint = clockHint(refused.STime, time.Now())
	case errorcode.KRB_AP_ERR_TKT_EXPIRED:
		e.Hint = "the ticket has expired; get a new one: kinit -c FILE:…"
	case errorcode.KDC_ERR_ETYPE_NOSUPP:
		e.Hint = "the KDC has no AES key for it; change its password once, or allow AES (msDS-SupportedEncryptionTypes)"
	case errorcode.KDC_ERR_WRONG_REALM:
		e.Hint = "the user belongs to another realm; write user@REALM"
	}
	return true
}

// clockHint tells the difference, which says at once whether a zone, a battery or
// a missing time service is to blame.
func clockHint(server, here time.Time) string {
	hint := "set the clock of this machine"
	if !server.IsZero() {
		hint += fmt.Sprintf("; the KDC's says %s, a difference of %s",
			server.UTC().Format(time.RFC3339), here.Sub(server).Abs().Round(time.Second))
	}
	return hint
}
