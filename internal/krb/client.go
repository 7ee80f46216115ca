package krb

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/jcmturner/gokrb5/v8/config"
	"github.com/jcmturner/gokrb5/v8/iana/etypeID"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Defaults of a Client.
const (
	DefaultTimeout = 10 * time.Second
	DefaultSkew    = 5 * time.Minute
)

// Client says where to ask for tickets and how long. The zero Client asks the KDCs
// that DNS names.
type Client struct {
	KDCs    func(realm string) KDCs // nil: those of DNS for every realm
	Timeout time.Duration           // longest time for a login or for a ticket; 0: DefaultTimeout
	Skew    time.Duration           // how far clocks may differ; 0: DefaultSkew
}

// KDCs is the key distribution centres of one realm.
type KDCs struct {
	Addresses []string // host or host:port, asked in this order
	DNS       bool     // when all of these have failed, those of the realm's SRV records
}

// Principal is a user by name. Realms are case-sensitive; Active Directory's are
// DNS domains in capitals.
type Principal struct{ Name, Realm string }

// String returns name@REALM.
func (p Principal) String() string { return p.Name + "@" + p.Realm }

// finder remembers, for one login and its tickets, who has answered.
type finder struct {
	client *Client
	realms map[string]*kdcList
}

// of returns the KDCs of a realm, which a referral may have named.
func (f *finder) of(realm string) *kdcList {
	if list, ok := f.realms[realm]; ok {
		return list
	}
	found := KDCs{DNS: true}
	if f.client.KDCs != nil {
		found = f.client.KDCs(realm)
	}
	list := &kdcList{}
	for _, address := range found.Addresses[:min(len(found.Addresses), maxKDCs)] {
		list.known = append(list.known, withPort(address))
	}
	if found.DNS {
		list.more = func(ctx context.Context) []string { return kdcsFromDNS(ctx, realm) }
	}
	if f.realms == nil {
		f.realms = map[string]*kdcList{}
	}
	f.realms[realm] = list
	return list
}

// errNoAnswer is the cause of contexts that end because our own time is over.
var errNoAnswer = fmt.Errorf("no answer in time: %w", os.ErrDeadlineExceeded)

// within runs fn in the client's time. A panic of the Kerberos library, which
// trusts octets of files and networks too much in places, becomes an error, and
// so does every other failure: an *Error, or the end of ctx.
func (c *Client) within(ctx context.Context, fn func(context.Context) error) error {
	timeout := c.Timeout
	if timeout <= 0 {
		timeout = DefaultTimeout
	}
	bounded, cancel := context.WithTimeoutCause(ctx, timeout, errNoAnswer)
	defer cancel()
	err := guarded(func() error { return fn(bounded) })
	if err == nil || isOurs(err) || ctx.Err() != nil {
		return err
	}
	return &Error{Win32: winerr.NoLogonServers, Err: err, about: aboutServer}
}

// guarded turns a panic into an error.
func guarded(fn func() error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("malformed Kerberos data: %v", cause)
		}
	}()
	return fn()
}

// skew is Skew with its default.
func (c *Client) skew() time.Duration {
	if c.Skew <= 0 {
		return DefaultSkew
	}
	return c.Skew
}

// aesTypes are the only encryption types asked for, strongest first: tokens under
// RC4 have another form, and RC4 is broken.
func aesTypes() []int32 {
	return []int32{etypeID.AES256_CTS_HMAC_SHA1_96, etypeID.AES128_CTS_HMAC_SHA1_96,
		etypeID.AES256_CTS_HMAC_SHA384_192, etypeID.AES128_CTS_HMAC_SHA256_128}
}

// isAES says whether a key may be used at all.
func isAES(kind int32) bool { return slices.Contains(aesTypes(), kind) }

// libraryConfig is what gokrb5's messages need; nothing of it is read from disk.
func libraryConfig() *config.Config {
	c := config.New()
	c.LibDefaults.NoAddresses = true
	c.LibDefaults.DefaultTktEnctypeIDs, c.LibDefaults.DefaultTGSEnctypeIDs = aesTypes(), aesTypes()
	return c
}

// abridge shortens what is shown and may have been typed wrongly or by a stranger.
func abridge(s string) string {
	const most = 64
	if s = strings.ToValidUTF8(s, "?"); len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}
