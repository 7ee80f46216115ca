package ldapattr_test

import (
	"context"
	"encoding/binary"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// srv is one SRV record.
type srv struct {
	priority uint16
	port     string
	host     string
}

// nameServer answers SRV questions from its records, and says that every host is
// on loopback.
type nameServer struct {
	mu      sync.Mutex
	records map[string][]srv
	asked   []string
}

// useNameServer makes it this process's resolver for one test.
func useNameServer(t *testing.T, records map[string][]srv) *nameServer {
	t.Helper()
	n := &nameServer{records: records}
	socket, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	system := net.DefaultResolver
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", socket.LocalAddr().String())
	}}
	t.Cleanup(func() { net.DefaultResolver = system; _ = socket.Close() })
	go func() {
		var packet [1500]byte
		for {
			size, from, err := socket.ReadFrom(packet[:])
			if err != nil {
				return
			}
			_, _ = socket.WriteTo(n.answer(packet[:size]), from)
		}
	}()
	return n
}

// questions returns the SRV names asked for so far.
func (n *nameServer) questions() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.asked)
}

func (n *nameServer) answer(question []byte) []byte {
	end := 12
	var labels []string
	for question[end] != 0 {
		size := int(question[end])
		labels = append(labels, strings.ToLower(string(question[end+1:end+1+size])))
		end += 1 + size
	}
	name, kind := strings.Join(labels, "."), binary.BigEndian.Uint16(question[end+1:])
	end += 5
	n.mu.Lock()
	defer n.mu.Unlock()
	var answers [][]byte
	switch kind {
	case 1: // A
		answers = append(answers, []byte{127, 0, 0, 1})
	case 33: // SRV
		n.asked = append(n.asked, name)
		for _, r := range n.records[name] {
			port, _ := strconv.Atoi(r.port)
			data := binary.BigEndian.AppendUint16(nil, r.priority)
			data = binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(data, 10), uint16(port))
			for label := range strings.SplitSeq(r.host, ".") {
				data = append(append(data, byte(len(label))), label...)
			}
			answers = append(answers, append(data, 0))
		}
	}
	reply := append([]byte(nil), question[:end]...)
	reply[2], reply[3] = 0x84, 0x80
	if kind == 33 && len(answers) == 0 {
		reply[3] |= 3 // no such name
	}
	binary.BigEndian.PutUint16(reply[6:], uint16(len(answers)))
	binary.BigEndian.PutUint16(reply[10:], 0) // no additional records
	for _, data := range answers {
		reply = append(reply, 0xc0, 12) // the name of the question
		reply = binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(reply, kind), 1)
		reply = binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint32(reply, 60), uint16(len(data)))
		reply = append(reply, data...)
	}
	return reply
}

func byDomain(s *sim) ldapattr.Config {
	cfg := s.asAdmin()
	cfg.Servers, cfg.Domain, cfg.StartTLS, cfg.Timeout = nil, "corp.example.com", true, 3*time.Second
	return cfg
}

func TestOpen_findsTheDomainByDNS(t *testing.T) {
	s := newCorp(t)
	names := useNameServer(t, map[string][]srv{"_ldap._tcp.dc._msdcs.corp.example.com": {{0, s.port, "dc1.corp.example.com"}}})
	if d := open(t, byDomain(s)); d.Domain().DNSName != "corp.example.com" {
		t.Errorf("Domain() = %+v", d.Domain())
	}
	if asked := names.questions(); len(asked) != 1 {
		t.Errorf("asked %v, want only the domain controllers' own records", asked)
	}
}

func TestOpen_fallsBackToPlainRecords(t *testing.T) {
	s := newCorp(t)
	names := useNameServer(t, map[string][]srv{"_ldap._tcp.corp.example.com": {{0, s.port, "dc1.corp.example.com"}}})
	open(t, byDomain(s))
	if asked, want := names.questions(), "_ldap._tcp.dc._msdcs.corp.example.com"; asked[0] != want {
		t.Errorf("asked %v, want %s first", asked, want)
	}
}

func TestOpen_triesLowerPrioritiesNext(t *testing.T) {
	s := newCorp(t)
	closed := listen(t)
	_, deadPort, _ := net.SplitHostPort(closed.Addr().String())
	_ = closed.Close()
	useNameServer(t, map[string][]srv{"_ldap._tcp.dc._msdcs.corp.example.com": {
		{20, s.port, "dc1.corp.example.com"}, {0, deadPort, "dc1.corp.example.com"}, {10, "3268", "dc1.corp.example.com"}}})
	d := open(t, byDomain(s))
	lookup(t, d, "alice")
	if got := d.Domain().DNSName; got != "corp.example.com" {
		t.Errorf("connected to %q", got)
	}
}

func TestOpen_withoutRecords(t *testing.T) {
	names := useNameServer(t, nil)
	cfg := byDomain(&sim{})
	if e := openError(t, cfg, ldapattr.ErrUnreachable); !strings.Contains(e.Hint, "_ldap._tcp.dc._msdcs.corp.example.com") {
		t.Errorf("hint %q", e.Hint)
	}
	// A search list must not lead into somebody else's domain.
	if asked, want := names.questions(), []string{"_ldap._tcp.dc._msdcs.corp.example.com", "_ldap._tcp.corp.example.com"}; !slices.Equal(asked, want) {
		t.Errorf("asked %v, want %v", asked, want)
	}
}

// DNS is not authenticated. A record that leads out of the domain is followed,
// but the host must prove the domain's name, not its own: anybody has a valid
// certificate for their own.
func TestOpen_doesNotTrustForgedRecords(t *testing.T) {
	s := newCorp(t)
	useNameServer(t, map[string][]srv{"_ldap._tcp.dc._msdcs.corp.example.com": {{0, s.port, "localhost"}}})
	cfg := byDomain(s) // the certificate holds "localhost", and not "corp.example.com"
	openError(t, cfg, ldapattr.ErrUnreachable)
	if n := s.Stats().Binds; n != 0 {
		t.Error("the password was sent")
	}
}
