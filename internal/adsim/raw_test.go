package adsim_test

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"testing"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// raw is a client that sends what it likes.
type raw struct {
	net.Conn
	t  *testing.T
	in *bufio.Reader
}

func (d *domain) raw(t *testing.T) *raw {
	t.Helper()
	nc, err := net.Dial("tcp", d.addr)
	if err != nil {
		t.Fatal(err)
	}
	return newRaw(t, nc)
}

func (d *domain) rawTLS(t *testing.T) *raw {
	t.Helper()
	nc, err := tls.Dial("tcp", d.tlsAddr, &tls.Config{RootCAs: d.roots})
	if err != nil {
		t.Fatal(err)
	}
	return newRaw(t, nc)
}

func newRaw(t *testing.T, nc net.Conn) *raw {
	t.Cleanup(func() { nc.Close() })
	if err := nc.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return &raw{nc, t, bufio.NewReader(nc)}
}

// send may meet a connection that the server has closed; what follows shows it.
func (r *raw) send(data []byte) {
	if _, err := r.Write(data); err != nil {
		r.t.Log(err)
	}
}

// answer reads one message.
func (r *raw) answer() (id int64, tag ber.Tag, code int64) {
	r.t.Helper()
	p, err := ber.ReadPacket(r.in)
	if err != nil {
		r.t.Fatal(err)
	}
	code = -1
	if len(p.Children[1].Children) > 0 {
		if n, ok := p.Children[1].Children[0].Value.(int64); ok {
			code = n
		}
	}
	return p.Children[0].Value.(int64), p.Children[1].Tag, code
}

// result reads one message and returns its result code.
func (r *raw) result() int64 {
	r.t.Helper()
	_, _, code := r.answer()
	return code
}

// rest reads until the server closes.
func (r *raw) rest() []byte {
	r.t.Helper()
	data, err := io.ReadAll(r.in)
	if e, ok := err.(net.Error); ok && e.Timeout() {
		r.t.Error("the server keeps the connection")
	}
	return data
}

// message wraps an operation.
func message(id int64, operation *ber.Packet, controls ...*ber.Packet) []byte {
	p := ber.NewSequence("")
	p.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, id, ""))
	p.AppendChild(operation)
	if len(controls) > 0 {
		list := ber.Encode(ber.ClassContext, ber.TypeConstructed, 0, nil, "")
		for _, c := range controls {
			list.AppendChild(c)
		}
		p.AppendChild(list)
	}
	return p.Bytes()
}

func operation(tag ber.Tag, parts ...*ber.Packet) *ber.Packet {
	p := ber.Encode(ber.ClassApplication, ber.TypeConstructed, tag, nil, "")
	for _, part := range parts {
		p.AppendChild(part)
	}
	return p
}

func text(s string) *ber.Packet {
	return ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, s, "")
}

func tagged(tag ber.Tag, s string) *ber.Packet {
	return ber.NewString(ber.ClassContext, ber.TypePrimitive, tag, s, "")
}

func integer(n int64) *ber.Packet {
	return ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, n, "")
}

func enumerated(n int64) *ber.Packet {
	return ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagEnumerated, n, "")
}

func list(tag ber.Tag, parts ...*ber.Packet) *ber.Packet {
	p := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, tag, nil, "")
	for _, part := range parts {
		p.AppendChild(part)
	}
	return p
}

func bindRequest(id int64, name, password string) []byte {
	return message(id, operation(0, integer(3), text(name), tagged(0, password)))
}

func startTLSRequest(id int64) []byte {
	return message(id, operation(23, tagged(0, "1.3.6.1.4.1.1466.20037")))
}

// searchOperation is a base search of the rootDSE with any filter.
func searchOperation(filter *ber.Packet) *ber.Packet {
	return operation(3, text(""), enumerated(0), enumerated(0), integer(0), integer(0),
		ber.NewLDAPBoolean(ber.ClassUniversal, ber.TypePrimitive, ber.TagBoolean, false, ""), filter, list(ber.TagSequence))
}
