package negotiate_test

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/shares/negotiate"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

var little = binary.LittleEndian

// serve answers each connection's first message with what talk returns, hanging
// up for nil, and counts the connections.
func serve(t *testing.T, talk func(request []byte) []byte) (address string, connections *atomic.Int32) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	connections = new(atomic.Int32)
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			connections.Add(1)
			go func() {
				defer conn.Close()
				frame := make([]byte, 4)
				if _, err := io.ReadFull(conn, frame); err != nil {
					return
				}
				request := make([]byte, binary.BigEndian.Uint32(frame))
				if _, err := io.ReadFull(conn, request); err != nil {
					return
				}
				if answer := talk(request); answer != nil {
					_, _ = conn.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(answer))), answer...))
					_, _ = io.Copy(io.Discard, conn)
				}
			}()
		}
	}()
	return ln.Addr().String(), connections
}

// server is what a scripted server of SMB2 says.
type server struct {
	dialect, mode    uint16
	capabilities     uint32
	ciphers, signing []uint16 // in its order, 3.1.1 only
}

// contexts returns the contexts of a question by their kind.
func contexts(request []byte) map[uint16][]byte {
	all := map[uint16][]byte{}
	at := int(little.Uint32(request[64+28:]))
	for range little.Uint16(request[64+32:]) {
		size := int(little.Uint16(request[at+2:]))
		all[little.Uint16(request[at:])] = request[at+8:][:size]
		at = (at + 8 + size + 7) &^ 7
	}
	return all
}

// best is a server's choice, nil if nothing of what it likes is offered.
func best(offered []byte, likes []uint16) []byte {
	for _, like := range likes {
		for i := range int(little.Uint16(offered)) {
			if little.Uint16(offered[2+2*i:]) == like {
				return little.AppendUint16([]byte{1, 0}, like)
			}
		}
	}
	return nil
}

func (s server) answer(request []byte) []byte {
	m := make([]byte, 64+64)
	copy(m, "\xfeSMB")
	m[4], m[16] = 64, 1
	body := m[64:]
	body[0] = 65
	little.PutUint16(body[2:], s.mode)
	little.PutUint16(body[4:], s.dialect)
	for i := range 16 {
		body[8+i] = byte(i)
	}
	little.PutUint32(body[24:], s.capabilities)
	for i, size := range []uint32{1 << 16, 1 << 20, 8 << 20} {
		little.PutUint32(body[28+4*i:], size)
	}
	little.PutUint64(body[40:], 134_000_000_001_234_567)
	if s.dialect != 0x0311 {
		return m
	}
	asked := contexts(request)
	little.PutUint32(body[60:], uint32(len(m)))
	count := byte(0)
	add := func(kind byte, data []byte) {
		if data == nil {
			return
		}
		count++
		m = append(m, kind, 0, byte(len(data)), 0, 0, 0, 0, 0)
		m = append(m, data...)
		m = append(m, make([]byte, -len(m)&7)...)
	}
	add(1, []byte{1, 0, 0, 0, 1, 0})
	if offered, ok := asked[2]; ok {
		choice := best(offered, s.ciphers)
		if choice == nil {
			choice = []byte{1, 0, 0, 0} // as Samba says that it likes none
		}
		add(2, choice)
	}
	if offered, ok := asked[8]; ok {
		add(8, best(offered, s.signing))
	}
	m[64+6] = count
	return m
}

func probe(t *testing.T, address string) negotiate.Offer {
	t.Helper()
	offer, err := negotiate.Probe(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	return offer
}

func TestProbe_offers(t *testing.T) {
	for _, tt := range []struct {
		name             string
		server           server
		dialect          string
		ciphers, signing string
		connections      int32
	}{
		{"Windows 11", server{dialect: 0x0311, mode: 3, ciphers: []uint16{2, 1, 4, 3}, signing: []uint16{2, 1, 0}}, "3.1.1",
			"AES-128-GCM AES-128-CCM AES-256-GCM AES-256-CCM", "AES-GMAC AES-CMAC HMAC-SHA256", 4},
		{"Windows 10", server{dialect: 0x0311, mode: 1, ciphers: []uint16{2, 1}}, "3.1.1", "AES-128-GCM AES-128-CCM", "AES-CMAC", 3},
		{"no encryption", server{dialect: 0x0311, mode: 1, signing: []uint16{1}}, "3.1.1", "", "AES-CMAC", 2},
		{"Windows 8", server{dialect: 0x0300, mode: 1, capabilities: 0x40}, "3.0", "AES-128-CCM", "AES-CMAC", 1},
		{"Windows 8.1 without encryption", server{dialect: 0x0302, mode: 1}, "3.0.2", "", "AES-CMAC", 1},
		{"Windows 7", server{dialect: 0x0210, mode: 1}, "2.1", "", "HMAC-SHA256", 1},
		{"Vista", server{dialect: 0x0202, mode: 2}, "2.0.2", "", "HMAC-SHA256", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			address, connections := serve(t, tt.server.answer)
			got := probe(t, address)
			if got.Dialect != tt.dialect || strings.Join(got.Ciphers, " ") != tt.ciphers || strings.Join(got.SigningAlgorithms, " ") != tt.signing {
				t.Errorf("got %s, %q, %q", got.Dialect, got.Ciphers, got.SigningAlgorithms)
			}
			if got.Encryption != (tt.ciphers != "") || !got.SigningEnabled || got.SigningRequired != (tt.server.mode&2 != 0) || got.SMB1Only {
				t.Errorf("got %+v", got)
			}
			if n := connections.Load(); n != tt.connections {
				t.Errorf("%d connections, want %d", n, tt.connections)
			}
		})
	}
}

func TestProbe_describesTheServer(t *testing.T) {
	address, _ := serve(t, server{dialect: 0x0210, capabilities: 0x09}.answer)
	got := probe(t, address)
	want := negotiate.Offer{
		Dialect: "2.1", SigningAlgorithms: []string{"HMAC-SHA256"}, DFS: true, Multichannel: true,
		MaxTransact: 1 << 16, MaxRead: 1 << 20, MaxWrite: 8 << 20,
		ServerTime: time.Date(2025, 8, 18, 14, 13, 20, 123456700, time.UTC), GUID: "03020100-0504-0706-0809-0a0b0c0d0e0f",
	}
	if !slices.Equal(got.SigningAlgorithms, want.SigningAlgorithms) {
		t.Errorf("signing %q", got.SigningAlgorithms)
	}
	got.SigningAlgorithms, want.SigningAlgorithms = nil, nil
	if got.Ciphers != nil || !got.ServerTime.Equal(want.ServerTime) || got.GUID != want.GUID || got.MaxTransact != want.MaxTransact ||
		got.MaxRead != want.MaxRead || got.MaxWrite != want.MaxWrite || !got.DFS || !got.Multichannel || got.SigningEnabled {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// A server that knows SMB1 alone hangs up on SMB2.
func TestProbe_recognisesSMB1(t *testing.T) {
	for name, deaf := range map[string][]byte{"hangs up": nil, "answers in its own words": append([]byte("\xffSMB\x72"), make([]byte, 60)...)} {
		t.Run(name, func(t *testing.T) {
			address, _ := serve(t, func(request []byte) []byte {
				if string(request[:4]) != "\xffSMB" || !strings.Contains(string(request), "NT LM 0.12\x00") {
					return deaf
				}
				answer := append([]byte("\xffSMB\x72"), make([]byte, 70)...)
				answer[32], answer[35] = 17, 0x0f
				return answer
			})
			if got := probe(t, address); !got.SMB1Only || got.Dialect != "" || !got.SigningRequired {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestProbe_hostileAnswers(t *testing.T) {
	good := server{dialect: 0x0311, mode: 1, ciphers: []uint16{2}, signing: []uint16{1}}
	change := func(how func(m []byte) []byte) func([]byte) []byte {
		return func(request []byte) []byte {
			if string(request[:4]) != "\xfeSMB" {
				return nil
			}
			return how(good.answer(request))
		}
	}
	put16 := func(at int, v uint16) func([]byte) []byte {
		return change(func(m []byte) []byte { little.PutUint16(m[at:], v); return m })
	}
	put32 := func(at int, v uint32) func([]byte) []byte {
		return change(func(m []byte) []byte { little.PutUint32(m[at:], v); return m })
	}
	for name, tt := range map[string]struct {
		talk func([]byte) []byte
		want winerr.Code
	}{
		"hangs up":                     {func([]byte) []byte { return nil }, winerr.NetNameDeleted},
		"speaks HTTP":                  {func([]byte) []byte { return []byte("HTTP/1.1 400 Bad Request\r\n\r\n") }, winerr.NotSupported},
		"says nothing in a frame":      {func([]byte) []byte { return []byte{} }, winerr.NotSupported},
		"sends too much":               {func([]byte) []byte { return make([]byte, 70<<10) }, winerr.NotSupported},
		"is cut":                       {change(func(m []byte) []byte { return m[:100] }), winerr.InvalidData},
		"refuses":                      {put32(8, 0xC00000BB), winerr.NotSupported},
		"is chained":                   {put32(20, 64), winerr.InvalidData},
		"answers something else":       {put16(12, 1), winerr.InvalidData},
		"is a question":                {put32(16, 0), winerr.InvalidData},
		"chooses no dialect of ours":   {put16(64+4, 0x02ff), winerr.InvalidData},
		"has no contexts":              {put16(64+6, 0), winerr.InvalidData},
		"has more contexts than sent":  {put16(64+6, 9), winerr.InvalidData},
		"has endless contexts":         {put16(64+6, 0xffff), winerr.InvalidData},
		"has contexts in the header":   {put32(64+60, 0), winerr.InvalidData},
		"has contexts far away":        {put32(64+60, 0xfffffff8), winerr.InvalidData},
		"has a context without end":    {put16(128+2, 0xffff), winerr.InvalidData},
		"has a context twice":          {put16(144, 1), winerr.InvalidData},
		"has no protection":            {put16(128, 7), winerr.InvalidData},
		"chooses two ciphers":          {put16(144+8, 2), winerr.InvalidData},
		"chooses a cipher of its own":  {put16(144+10, 77), winerr.InvalidData},
		"chooses a context too short":  {put16(144+2, 1), winerr.InvalidData},
		"chooses a signature unheard":  {put16(160+10, 77), winerr.InvalidData},
		"counts a cipher it lacks":     {put16(144+2, 2), winerr.InvalidData},
		"promises and leaves SMB1 too": {func(r []byte) []byte { return append([]byte("\xffSMB\x72"), make([]byte, 20)...) }, winerr.NotSupported},
	} {
		t.Run(name, func(t *testing.T) {
			address, connections := serve(t, tt.talk)
			offer, err := negotiate.Probe(t.Context(), address)
			if winerr.Of(err) != tt.want || err == nil {
				t.Errorf("got %+v, %v (code %d), want code %d", offer, err, winerr.Of(err), tt.want)
			}
			if n := connections.Load(); n > 2 {
				t.Errorf("%d connections", n)
			}
		})
	}
}

// A server that goes on choosing is asked no more often than it has choices.
func TestProbe_isBounded(t *testing.T) {
	address, connections := serve(t, server{dialect: 0x0311, ciphers: []uint16{1, 2, 3, 4}, signing: []uint16{0, 1, 2}}.answer)
	probe(t, address)
	if n := connections.Load(); n != 4 {
		t.Errorf("%d connections, want 4", n)
	}
	// What it says later counts no less than what it says first.
	var turn atomic.Int32
	address, _ = serve(t, func(request []byte) []byte {
		if turn.Add(1) == 1 {
			return server{dialect: 0x0311, ciphers: []uint16{2}}.answer(request)
		}
		return []byte("\xfeSMB")
	})
	if _, err := negotiate.Probe(t.Context(), address); winerr.Of(err) != winerr.NotSupported {
		t.Errorf("a server that changes its mind: %v", err)
	}
}

func TestProbe_endsWithItsContext(t *testing.T) {
	waiting := make(chan struct{}, 1)
	hold := make(chan struct{})
	t.Cleanup(func() { close(hold) })
	address, _ := serve(t, func([]byte) []byte { waiting <- struct{}{}; <-hold; return nil })
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-waiting; cancel() }()
	begun := time.Now()
	if _, err := negotiate.Probe(ctx, address); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	ctx, cancel = context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := negotiate.Probe(ctx, address); winerr.Of(err) != winerr.SemTimeout {
		t.Errorf("timed out: %v (code %d)", err, winerr.Of(err))
	}
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestProbe_nobodyThere(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := ln.Addr().String()
	_ = ln.Close()
	if _, err := negotiate.Probe(t.Context(), address); winerr.Of(err) != winerr.BadNetPath || !strings.Contains(err.Error(), address) {
		t.Errorf("got %v (code %d)", err, winerr.Of(err))
	}
}
