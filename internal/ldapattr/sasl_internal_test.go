package ldapattr

import (
	"errors"
	"net"
	"slices"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
)

// client is a GSS-API client with so many rounds.
type client struct {
	rounds int
	got    []string
}

func (c *client) InitSecContext(service string, token []byte) ([]byte, bool, error) {
	c.got = append(c.got, service+" "+string(token))
	c.rounds--
	return []byte("token"), c.rounds > 0, nil
}

func (c *client) NegotiateSaslAuth(offer []byte, _ string) ([]byte, error) {
	c.got = append(c.got, string(offer))
	return []byte("no layer"), nil
}

// step is one answer to a bind.
type step struct {
	code  byte
	token string
}

// answers plays a domain controller that says the given things in turn.
func answers(t *testing.T, steps []step) net.Conn {
	t.Helper()
	ours, theirs := net.Pipe()
	t.Cleanup(func() { _ = ours.Close(); _ = theirs.Close() })
	go func() {
		defer theirs.Close()
		for _, s := range steps {
			request, err := ber.ReadPacket(theirs)
			if err != nil {
				return
			}
			op := []byte{10, 1, s.code, 4, 0, 4, 0}
			if s.token != "" {
				op = append(append(op, 0x87, byte(len(s.token))), s.token...)
			}
			id, _ := request.Children[0].Value.(int64)
			message := append([]byte{2, 1, byte(id), 0x61, byte(len(op))}, op...)
			_, _ = theirs.Write(append([]byte{0x30, byte(len(message))}, message...))
		}
	}()
	return ours
}

func TestSASLRounds(t *testing.T) {
	const inProgress = ldap.LDAPResultSaslBindInProgress
	c := &client{rounds: 2}
	if err := saslRounds(answers(t, []step{{inProgress, "reply"}, {inProgress, "offer"}, {0, ""}}), "ldap/dc1", c); err != nil {
		t.Error(err)
	}
	if want := []string{"ldap/dc1 ", "ldap/dc1 reply", "offer"}; !slices.Equal(c.got, want) {
		t.Errorf("the client was given %q, want %q", c.got, want)
	}
	for name, tt := range map[string]struct {
		steps []step
		asked int // how often the client may be asked
		odd   bool
	}{
		"refused":                 {[]step{{49, ""}}, 1, false},
		"refused in the middle":   {[]step{{inProgress, "reply"}, {49, ""}}, 2, false},
		"refused at the end":      {[]step{{inProgress, "reply"}, {inProgress, "offer"}, {49, ""}}, 3, false},
		"satisfied at once":       {[]step{{0, "reply"}}, 1, true},
		"satisfied with no offer": {[]step{{inProgress, "reply"}, {0, "offer"}}, 2, true},
		"no reply":                {[]step{{inProgress, ""}, {inProgress, "offer"}, {0, ""}}, 1, true},
		"no offer":                {[]step{{inProgress, "reply"}, {inProgress, ""}, {0, ""}}, 2, true},
		"never satisfied":         {[]step{{inProgress, "reply"}, {inProgress, "offer"}, {inProgress, "more"}}, 3, true},
	} {
		c := &client{rounds: 2}
		err := saslRounds(answers(t, tt.steps), "ldap/dc1", c)
		if err == nil || errors.Is(err, errOddAnswer) != tt.odd || ldap.IsErrorWithCode(err, 49) == tt.odd {
			t.Errorf("%s: %v", name, err)
		}
		if len(c.got) != tt.asked {
			t.Errorf("%s: the client was asked %q", name, c.got)
		}
	}
}
