//go:build lab

package ftpsrv_test

import (
	"context"
	"io"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
	"github.com/ftpisoctl/ftpisoctl/internal/lab"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
)

// slowShare forwards a connection to the file server; every request waits for so long.
func slowShare(t *testing.T, wait *atomic.Int64) (address string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	go func() {
		for {
			client, err := ln.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", net.JoinHostPort(lab.FileServerAddr, "445"))
			if err != nil {
				_ = client.Close()
				return
			}
			t.Cleanup(func() { _, _ = client.Close(), server.Close() })
			go func() { _, _ = io.Copy(client, server) }()
			go func() {
				buf := make([]byte, 2<<20)
				for {
					n, err := client.Read(buf)
					if err != nil {
						return
					}
					time.Sleep(time.Duration(wait.Load()))
					_, _ = server.Write(buf[:n])
				}
			}()
		}
	}()
	return ln.Addr().String()
}

// A share that takes two seconds for each request holds up its own user, who gets what
// was asked for, and nobody else: neither a session that was there nor a new login.
func TestChecklist_W4_slowShare(t *testing.T) {
	const pause, prompt = 2 * time.Second, time.Second
	var wait atomic.Int64
	through := map[string]string{"alice": slowShare(t, &wait), "bob": ""}
	s := startSite(t, func(cfg *ftpsrv.Config) {
		cfg.Login = func(ctx context.Context, user string, password secret.Text) (ftpsrv.Grant, error) {
			root, err := smbfs.Dial(ctx, smbfs.Target{Address: through[user], Host: lab.FileServer, Share: lab.Share}, smbfs.Login{
				Domain: lab.NetBIOS, User: user, Password: password, Kerberos: &smbfs.Kerberos{Realm: lab.Domain},
			}, user, storage.Options{})
			return ftpsrv.Grant{Root: root, Name: user}, err
		}
	})
	enter := func(who lab.Account) *client {
		c := dial(t, s.addr)
		c.want("220 ")
		c.cmd("USER "+string(who), "331 ")
		c.cmd("PASS "+who.Password(t).Reveal(), "230 ")
		return c
	}
	slow, quick := enter(lab.Alice), enter(lab.Bob)
	slow.stor("slow.txt", []byte("slow"))
	wait.Store(int64(pause))
	began := time.Now()
	slow.send("SIZE slow.txt\r\n")
	for time.Since(began) < 2*pause {
		start := time.Now()
		quick.stor("quick.txt", []byte("quick"))
		if got := string(quick.retr("quick.txt")); got != "quick" {
			t.Errorf("bob reads %q", got)
		}
		enter(lab.Bob).close()
		if took := time.Since(start); took > prompt {
			t.Errorf("bob waited for %v", took)
		}
	}
	slow.within = time.Minute
	slow.want("213 4")
	if took := time.Since(began); took < pause {
		t.Errorf("alice's share answered after %v: it was not slow", took)
	}
	slow.passive()
	slow.within = time.Minute
	slow.cmd("RETR slow.txt", "1")
	_ = slow.data.SetDeadline(time.Now().Add(time.Minute))
	if got, err := io.ReadAll(slow.data); err != nil || string(got) != "slow" {
		t.Errorf("alice reads %q, %v", got, err)
	}
	slow.within = time.Minute
	slow.want("226 ")
	wait.Store(0)
	slow.cmd("DELE slow.txt", "250 ")
}
