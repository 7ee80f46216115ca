package ftptls_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftptls"
)

// A client that resumes its own control connection is let in, again and again with
// one ticket, and gets no other (TLS 1.3).
func TestData_resumesItsControlConnection(t *testing.T) {
	versions(t, func(t *testing.T, version uint16) {
		for _, required := range []bool{false, true} {
			s := newSite(t, func(cfg *ftptls.Config) { cfg.RequireReuse = required })
			cache := &tickets{}
			_, session := s.login(t, s.client(version, cache))
			if cache.puts != 1 {
				t.Fatalf("%d tickets on the control connection, want 1", cache.puts)
			}
			for range 3 {
				client, data, err := open(t, session, s.client(version, cache))
				if err != nil {
					t.Fatal(err)
				}
				if !data.ConnectionState().DidResume {
					t.Error("the session was not resumed")
				}
				exchange(t, client, data)
			}
			if version == tls.VersionTLS13 && cache.puts != 1 {
				t.Errorf("%d tickets, want none on the data connections", cache.puts-1)
			}
		}
	})
}

// exchange sends a text and both ends of the stream, so that the client has read
// all that the server sent.
func exchange(t *testing.T, client *tls.Conn, data *ftptls.Data) {
	t.Helper()
	got := make(chan string, 1)
	go func() {
		text, _ := io.ReadAll(client)
		got <- string(text)
	}()
	if _, err := data.Write([]byte("hello")); err != nil {
		t.Fatal(err)
	}
	if err := data.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if text := <-got; text != "hello" {
		t.Errorf("got %q, want hello", text)
	}
}

// Without reuse being required, a client may make a new TLS session each time. It
// gets no ticket in TLS 1.3, and in TLS 1.2 one that is good.
func TestData_withoutResuming(t *testing.T) {
	versions(t, func(t *testing.T, version uint16) {
		s := newSite(t, nil)
		_, session := s.login(t, s.client(version, nil))
		cache := &tickets{}
		for i := range 2 {
			client, data, err := open(t, session, s.client(version, cache))
			if err != nil {
				t.Fatal(err)
			}
			exchange(t, client, data)
			if resumed := data.ConnectionState().DidResume; resumed != (i == 1 && version == tls.VersionTLS12) {
				t.Errorf("connection %d resumed: %v", i, resumed)
			}
		}
		if version == tls.VersionTLS13 && cache.puts != 0 {
			t.Errorf("%d tickets on data connections, want none", cache.puts)
		}
	})
}

// What the one client got is of no use to another (T4).
func TestChecklist_T4_foreignTicketIsRefused(t *testing.T) {
	versions(t, func(t *testing.T, version uint16) {
		for _, required := range []bool{false, true} {
			s := newSite(t, func(cfg *ftptls.Config) { cfg.RequireReuse = required })
			thief := &tickets{}
			client, other := s.login(t, s.client(version, thief))
			settle(t, client, other)
			_, session := s.login(t, s.client(version, &tickets{}))
			_, data, err := open(t, session, s.client(version, thief))
			if !errors.Is(err, ftptls.ErrForeign) || data == nil {
				t.Errorf("required %v: got %v, %v, want ErrForeign after the handshake", required, data, err)
			}
		}
	})
}

// A client with one memory for the tickets of all its sessions makes a new session
// where it has the wrong one, the first session's or the second's, unless it has to
// resume. It gets no ticket on the data connection either.
func TestData_ticketOfAnotherSession(t *testing.T) {
	versions(t, func(t *testing.T, version uint16) {
		for _, newer := range []bool{false, true} {
			for _, required := range []bool{false, true} {
				s := newSite(t, func(cfg *ftptls.Config) { cfg.RequireReuse = required })
				cache := &tickets{}
				_, session := s.login(t, s.client(version, cache))
				early := *cache
				_, second := s.login(t, s.client(version, cache))
				if !second.ConnectionState().DidResume {
					t.Fatal("the control connection did not resume")
				}
				if newer { // the first session's data connection, the second's ticket; else the other way round
					cache.puts--
				} else {
					session, cache = second, &early
				}
				client, data, err := open(t, session, s.client(version, cache))
				switch {
				case required && !errors.Is(err, ftptls.ErrForeign):
					t.Errorf("newer %v: got %v, want ErrForeign", newer, err)
				case required:
				case err != nil:
					t.Errorf("newer %v: %v", newer, err)
				case data.ConnectionState().DidResume:
					t.Errorf("newer %v: another session was resumed", newer)
				default:
					exchange(t, client, data)
					if version == tls.VersionTLS13 && cache.puts != 1 {
						t.Errorf("%d tickets, want none on the data connection", cache.puts-1)
					}
				}
			}
		}
	})
}

// So does one whose sessions began all at once, when it had no ticket to show. After two
// commands it has had its chance.
func TestData_ticketOfASessionBesideIt(t *testing.T) {
	versions(t, func(t *testing.T, version uint16) {
		s := newSite(t, nil)
		mine, session := s.login(t, s.client(version, nil))
		first := &tickets{}
		s.login(t, s.client(version, first))
		settle(t, mine, session)
		late := &tickets{}
		s.login(t, s.client(version, late))
		for name, tt := range map[string]struct {
			cache *tickets
			want  error
		}{"beside it": {first, nil}, "later": {late, ftptls.ErrForeign}} {
			_, data, err := open(t, session, s.client(version, tt.cache))
			if !errors.Is(err, tt.want) {
				t.Errorf("%s: got %v, want %v", name, err, tt.want)
			}
			if data != nil && data.ConnectionState().DidResume {
				t.Errorf("%s: another session was resumed", name)
			}
		}
	})
}

func TestChecklist_T4_reuseRequired(t *testing.T) {
	versions(t, func(t *testing.T, version uint16) {
		s := newSite(t, func(cfg *ftptls.Config) { cfg.RequireReuse = true })
		_, session := s.login(t, s.client(version, nil))
		cache := &tickets{}
		for range 2 { // the second time with what TLS 1.2 gave at the first
			if _, _, err := open(t, session, s.client(version, cache)); err == nil {
				t.Errorf("a client that does not resume is let in")
			}
		}
	})
}

// A control connection that resumes an earlier one has tickets of its own.
func TestData_afterAResumedControlConnection(t *testing.T) {
	versions(t, func(t *testing.T, version uint16) {
		s := newSite(t, func(cfg *ftptls.Config) { cfg.RequireReuse = true })
		cache := &tickets{}
		_, first := s.login(t, s.client(version, cache))
		old := cache.state
		_, second := s.login(t, s.client(version, cache))
		if !second.ConnectionState().DidResume {
			t.Fatal("the second control connection did not resume the first")
		}
		if _, _, err := open(t, second, s.client(version, cache)); err != nil {
			t.Errorf("with a ticket of the second: %v", err)
		}
		if _, _, err := open(t, second, s.client(version, &tickets{state: old})); err == nil {
			t.Error("a ticket of the first is good for the second")
		}
		if _, _, err := open(t, first, s.client(version, &tickets{state: old})); err != nil {
			t.Errorf("with a ticket of the first: %v", err)
		}
	})
}

// An upload that somebody cuts off is told from one that has ended (T5).
func TestChecklist_T5_truncation(t *testing.T) {
	versions(t, func(t *testing.T, version uint16) {
		body := bytes.Repeat([]byte("x"), 100_000)
		for _, test := range []struct {
			name string
			end  func(*tls.Conn)
			want error
		}{
			{"close_notify", func(c *tls.Conn) { _ = c.Close() }, nil},
			{"FIN alone", func(c *tls.Conn) { _ = c.NetConn().Close() }, ftptls.ErrTruncated},
			{"FIN in a record", func(c *tls.Conn) {
				_, _ = c.NetConn().Write([]byte{23, 3, 3, 0, 200, 1, 2, 3})
				_ = c.NetConn().Close()
			}, io.ErrUnexpectedEOF},
		} {
			t.Run(test.name, func(t *testing.T) {
				s := newSite(t, nil)
				_, session := s.login(t, s.client(version, nil))
				client, data, err := open(t, session, s.client(version, nil))
				if err != nil {
					t.Fatal(err)
				}
				go func() {
					_, _ = client.Write(body)
					test.end(client)
				}()
				got, err := io.ReadAll(data)
				if !errors.Is(err, test.want) || !bytes.Equal(got, body) {
					t.Errorf("got %d octets and %v, want %d and %v", len(got), err, len(body), test.want)
				}
			})
		}
	})
}

func TestData_handshakeEndsWithItsContext(t *testing.T) {
	s := newSite(t, nil)
	_, session := s.login(t, s.client(tls.VersionTLS13, nil))
	_, far := pair(t) // nobody speaks
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := session.Data(ctx, far); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
}
