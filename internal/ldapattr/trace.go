package ldapattr

import (
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

// Operation is one request to a domain controller with what came of it, for whoever
// wants to watch. It holds no secret: of a bind only the name, of a change only the
// values of the two home attributes.
type Operation struct {
	Server     string // URL
	Type       string // "bind", "search", "modify" …
	Object     string // DN of base or entry; of a bind, the name; of an extended request, its OID
	Scope      string // of a search: "base", "one" or "sub"
	Filter     string
	Attributes []string // asked for, or changed, as in "add msIIS-FTPDir=alice"
	Result     string   // "Success", or code, name and diagnostic text
	Entries    int      // that a search brought
	Took       time.Duration
}

// maxTraced bounds the requests that wait for an answer; more are not traced.
const maxTraced = 4096

// tracer decodes what passes through a connection, in both directions, above TLS
// and seal.
type tracer struct {
	net.Conn
	server string
	tell   func(Operation)

	mu      sync.Mutex
	pending map[int64]*started
	answers answerReader // of the reading goroutine alone
}

// started is a request without its answer.
type started struct {
	Operation
	at time.Time
}

// trace makes the connection tell of what is asked on it from here on.
func (c *channel) trace(tell func(Operation)) {
	if tell != nil {
		c.Conn = &tracer{Conn: c.Conn, server: c.target.String(), tell: tell, pending: map[int64]*started{}}
	}
}

// Write passes p on, which is one request or more.
func (t *tracer) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0; {
		size, err := sizeOfPDU(rest)
		if err != nil || size == 0 || size > len(rest) {
			size = len(rest)
		}
		t.asked(rest[:size])
		rest = rest[size:]
	}
	return t.Conn.Write(p)
}

// asked notes one request.
func (t *tracer) asked(octets []byte) {
	id, op, ok := decodeRequest(octets)
	if !ok {
		return
	}
	op.Server = t.server
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.pending) < maxTraced {
		t.pending[id] = &started{op, time.Now()}
	}
}

// Read passes on what comes, and tells of the requests that it ends.
func (t *tracer) Read(p []byte) (int, error) {
	n, err := t.Conn.Read(p)
	t.answers.take(p[:n], t.answered)
	if err != nil {
		t.unanswered(err)
	}
	return n, err
}

// unanswered tells of what nobody will answer any more. A deadline of an idle
// connection ends nothing.
func (t *tracer) unanswered(err error) {
	t.mu.Lock()
	rest := t.pending
	t.pending = map[int64]*started{}
	t.mu.Unlock()
	for _, s := range rest {
		s.Result, s.Took = "no answer: "+oneLine(err.Error()), time.Since(s.at)
		t.tell(s.Operation)
	}
}

// answered notes one answer: an entry, or the result that ends a request.
func (t *tracer) answered(id int64, result string) {
	t.mu.Lock()
	s := t.pending[id]
	if s == nil {
		t.mu.Unlock()
		return
	}
	if result == "" {
		s.Entries++
		t.mu.Unlock()
		return
	}
	delete(t.pending, id)
	t.mu.Unlock()
	s.Result, s.Took = result, time.Since(s.at)
	t.tell(s.Operation)
}

// decodeRequest reads one LDAPMessage. ok is false for what is none, and for
// requests that nobody answers.
func decodeRequest(octets []byte) (id int64, op Operation, ok bool) {
	packet, err := ber.DecodePacketErr(octets)
	if err != nil || len(packet.Children) < 2 {
		return 0, op, false
	}
	id, ok = packet.Children[0].Value.(int64)
	body := packet.Children[1]
	if !ok || body.ClassType != ber.ClassApplication {
		return 0, op, false
	}
	text := func(i int) string {
		if i < len(body.Children) && body.Children[i].Data != nil {
			return body.Children[i].Data.String()
		}
		return ""
	}
	switch body.Tag {
	case ldap.ApplicationBindRequest:
		op.Type, op.Object = "bind", text(1)
	case ldap.ApplicationSearchRequest:
		op.Type, op.Object = "search", text(0)
		decodeSearch(body, &op)
	case ldap.ApplicationModifyRequest:
		op.Type, op.Object = "modify", text(0)
		decodeChanges(body, &op)
	case ldap.ApplicationCompareRequest:
		op.Type, op.Object = "compare", text(0)
	case ldap.ApplicationExtendedRequest:
		op.Type, op.Object = "extended", text(0)
	default:
		return 0, op, false
	}
	return id, op, true
}

func decodeSearch(body *ber.Packet, op *Operation) {
	if len(body.Children) < 8 {
		return
	}
	if n, ok := body.Children[1].Value.(int64); ok && n >= 0 && n < 3 {
		op.Scope = []string{"base", "one", "sub"}[n]
	}
	op.Filter, _ = ldap.DecompileFilter(body.Children[6]) // ours, so it can be read
	for _, attribute := range body.Children[7].Children {
		op.Attributes = append(op.Attributes, attribute.Data.String())
	}
}

// decodeChanges lists changes. The values of attributes that are not ours are left
// out: they could be anything.
func decodeChanges(body *ber.Packet, op *Operation) {
	if len(body.Children) < 2 {
		return
	}
	for _, change := range body.Children[1].Children {
		if len(change.Children) < 2 || len(change.Children[1].Children) < 2 {
			continue
		}
		text := "change"
		if n, ok := change.Children[0].Value.(int64); ok && n >= 0 && n < 3 {
			text = []string{"add", "delete", "replace"}[n]
		}
		attribute := change.Children[1].Children[0].Data.String()
		text += " " + attribute
		for _, value := range change.Children[1].Children[1].Children {
			shown := "***"
			if strings.EqualFold(attribute, homedir.AttrRoot) || strings.EqualFold(attribute, homedir.AttrDir) {
				shown = value.Data.String()
			}
			text += "=" + shown
		}
		op.Attributes = append(op.Attributes, text)
	}
}

// resultOf reads the result of an answer: "" if it is none.
func resultOf(octets []byte) string {
	packet, err := ber.DecodePacketErr(octets)
	if err != nil || len(packet.Children) < 2 || len(packet.Children[1].Children) < 3 {
		return "unreadable"
	}
	code, ok := packet.Children[1].Children[0].Value.(int64)
	if !ok || code < 0 || code > 0xffff {
		return "unreadable"
	}
	name := ldap.LDAPResultCodeMap[uint16(code)]
	if code == ldap.LDAPResultSuccess {
		return name
	}
	text := strconv.FormatInt(code, 10) + " " + name
	if diagnostic := packet.Children[1].Children[2].Data; diagnostic != nil && diagnostic.Len() > 0 {
		text += ": " + oneLine(diagnostic.String())
	}
	return text
}
