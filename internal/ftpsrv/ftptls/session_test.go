package ftptls_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftptls"
)

// refused tries a handshake on a control connection that both sides must give up.
func refused(t *testing.T, s *site, cfg *tls.Config) {
	t.Helper()
	near, far := pair(t)
	ended := make(chan error, 1)
	go func() {
		client := tls.Client(near, cfg)
		err := client.Handshake()
		if err == nil {
			_, err = client.Read(make([]byte, 1)) // TLS 1.3 tells the client later
		}
		ended <- err
		_ = near.Close()
	}()
	if _, err := s.Control(context.Background(), far, time.Now()); err == nil {
		t.Error("the server accepted")
	}
	_ = far.Close()
	if err := <-ended; err == nil {
		t.Error("the client accepted")
	}
}

func TestChecklist_T7_oldVersions(t *testing.T) {
	s := newSite(t, nil)
	for _, version := range []uint16{tls.VersionTLS10, tls.VersionTLS11} {
		refused(t, s, s.client(version, nil))
	}
}

func TestChecklist_T7_weakSuites(t *testing.T) {
	s := newSite(t, nil)
	for _, suite := range tls.InsecureCipherSuites() {
		cfg := s.client(tls.VersionTLS12, nil)
		cfg.CipherSuites = []uint16{suite.ID}
		refused(t, s, cfg)
	}
}

// A browser or mail client that was led to us speaks another protocol (ALPACA).
func TestChecklist_L7_otherProtocols(t *testing.T) {
	s := newSite(t, nil)
	for _, offered := range [][]string{{"http/1.1"}, {"h2", "http/1.1"}, {"imap"}} {
		cfg := s.client(tls.VersionTLS13, nil)
		cfg.NextProtos = offered
		refused(t, s, cfg)
	}
	for _, offered := range [][]string{nil, {"ftp"}, {"x-filezilla-ftp", "ftp"}} {
		cfg := s.client(tls.VersionTLS13, nil)
		cfg.NextProtos = offered
		s.login(t, cfg)
	}
}

func TestControl_serverName(t *testing.T) {
	s := newSite(t, nil)
	_, session := s.login(t, s.client(tls.VersionTLS13, nil))
	if got := session.ServerName(); got != "localhost" {
		t.Errorf("got %q, want localhost", got)
	}
}

// After CCC both sides go on in clear text, and nothing is lost, even if the client
// sends its first clear line together with its close_notify.
func TestSession_clear(t *testing.T) {
	versions(t, func(t *testing.T, version uint16) {
		s := newSite(t, nil)
		client, session := s.login(t, s.client(version, nil))
		ended := make(chan error, 1)
		go func() {
			if _, err := client.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
				ended <- fmt.Errorf("got %v, want the server's close_notify", err)
				return
			}
			err := client.CloseWrite()
			if err == nil {
				err = client.NetConn().SetWriteDeadline(time.Time{}) // CloseWrite has left one
			}
			if err == nil {
				_, err = io.WriteString(client.NetConn(), "NOOP\r\n")
			}
			ended <- err
		}()
		clear, err := session.Clear(time.Now().Add(5 * time.Second))
		if err != nil {
			t.Fatal(err)
		}
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		if line, err := bufio.NewReader(clear).ReadString('\n'); line != "NOOP\r\n" {
			t.Errorf("got %q, %v, want NOOP", line, err)
		}
	})
}

func TestSession_clearRefusesWhatWasPipelined(t *testing.T) {
	s := newSite(t, nil)
	client, session := s.login(t, s.client(tls.VersionTLS13, nil))
	if _, err := io.WriteString(client, "DELE x\r\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := session.Clear(time.Now().Add(5 * time.Second)); !errors.Is(err, ftptls.ErrPipelined) {
		t.Errorf("got %v, want ErrPipelined", err)
	}
}

func TestSession_clearEndsInTime(t *testing.T) {
	s := newSite(t, nil)
	_, session := s.login(t, s.client(tls.VersionTLS13, nil))
	if _, err := session.Clear(time.Now()); err == nil {
		t.Error("a client that says nothing has left TLS")
	}
}
