//go:build lab && unix

package smbfs_test

import (
	"context"

	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/storagetest"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// gone checks that every call says so, and at once.
func gone(t *testing.T, home storage.FS) {
	t.Helper()
	begun := time.Now()
	_, err := home.Stat(t.Context(), "/")
	_, listErr := home.List(t.Context(), "/")
	_, openErr := home.Open(t.Context(), "/x", 0)
	createErr := storagetest.Put(t.Context(), home, "/x", "x")
	_, spaceErr := home.Statfs(t.Context())
	for _, err := range []error{err, listErr, openErr, createErr, spaceErr, home.Mkdir(t.Context(), "/y")} {
		if winerr.Of(err) != winerr.NetNameDeleted {
			t.Errorf("got %v (code %d), want code %d", err, winerr.Of(err), winerr.NetNameDeleted)
		}
	}
	if err := home.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	if took := time.Since(begun); took > time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestTransfer_serverDies(t *testing.T) {
	for name, die := range map[string]func(testing.TB){"connections drop": lab.DropFileServerConnections, "power off": lab.StopFileServer} {
		t.Run(name, func(t *testing.T) {
			home := open(t, kerberos(t, lab.Alice), "alice", storage.Options{})
			if err := storagetest.Put(t.Context(), home, "/large", strings.Repeat("x", 8<<20)); err != nil {
				t.Fatal(err)
			}
			r, err := home.Open(t.Context(), "/large", 0)
			if err != nil {
				t.Fatal(err)
			}
			u, err := home.Create(t.Context(), "/new", storage.Replace, 0)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.CopyN(u, r, 1<<20+1); err != nil {
				t.Fatal(err)
			}
			die(t)
			begun := time.Now()
			if _, err := u.Write(make([]byte, 3<<20)); winerr.Of(err) != winerr.NetNameDeleted {
				t.Errorf("write: got %v (code %d)", err, winerr.Of(err))
			}
			if _, err := io.Copy(io.Discard, r); winerr.Of(err) != winerr.NetNameDeleted {
				t.Errorf("read: got %v (code %d)", err, winerr.Of(err))
			}
			if err := u.Commit(); err == nil {
				t.Error("commit: the upload was lost and nobody says so")
			}
			_ = r.Close()
			if took := time.Since(begun); took > 3*time.Second {
				t.Errorf("it took %v", took)
			}
			gone(t, home)
			lab.StartFileServer(t)
			again := open(t, kerberos(t, lab.Alice), "alice", storage.Options{})
			if _, err := again.Stat(t.Context(), "/new"); winerr.Of(err) != winerr.FileNotFound {
				t.Errorf("the lost upload: got %v", err)
			}
		})
	}
}

// relay forwards a connection to the file server until it is told to freeze: then
// bytes vanish and nobody hangs up.
func relay(t *testing.T) (address string, freeze func()) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	var frozen atomic.Bool
	forward := func(to, from net.Conn) {
		buffer := make([]byte, 64<<10)
		for {
			n, err := from.Read(buffer)
			if err != nil {
				return
			}
			if !frozen.Load() {
				_, _ = to.Write(buffer[:n])
			}
		}
	}
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
			go forward(server, client)
			go forward(client, server)
		}
	}()
	return ln.Addr().String(), func() { frozen.Store(true) }
}

func TestCall_serverHangs(t *testing.T) {
	for name, call := range map[string]func(context.Context, storage.FS) error{
		"stat":   func(ctx context.Context, home storage.FS) error { _, err := home.Stat(ctx, "/"); return err },
		"upload": func(ctx context.Context, home storage.FS) error { return storagetest.Put(ctx, home, "/x", "x") },
		"close":  func(_ context.Context, home storage.FS) error { _ = home.Close(); return context.Canceled },
	} {
		for _, cancelled := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				t.Parallel() // they wait, each for a server of its own
				to := target()
				var freeze func()
				to.Address, freeze = relay(t)
				to.Timeout = time.Second
				home, err := smbfs.Dial(t.Context(), to, kerberos(t, lab.Alice), "alice", storage.Options{})
				if err != nil {
					t.Fatal(err)
				}
				defer home.Close()
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				freeze()
				if cancelled {
					time.AfterFunc(100*time.Millisecond, cancel)
				}
				begun := time.Now()
				if err := call(ctx, home); err == nil {
					t.Error("a call to a frozen server succeeded")
				}
				if took := time.Since(begun); took > 4500*time.Millisecond || cancelled && name == "stat" && took > 1800*time.Millisecond {
					t.Errorf("it took %v", took)
				}
				if name != "close" {
					gone(t, home)
				}
			})
		}
	}
}

func TestChecklist_W3_uploadBelongsToTheLogin(t *testing.T) {
	owner := func(who lab.Account) uint32 {
		home := open(t, kerberos(t, who), string(who), storage.Options{})
		if err := storagetest.Put(t.Context(), home, "/owned", "x"); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(filepath.Join(lab.ShareDir(), string(who), "owned"))
		if err != nil {
			t.Fatal(err)
		}
		return info.Sys().(*syscall.Stat_t).Uid
	}
	if alice, bob := owner(lab.Alice), owner(lab.Bob); alice == bob || alice == 0 || bob == 0 {
		t.Errorf("alice's file belongs to %d, bob's to %d", alice, bob)
	}
}

// mark changes the attributes of an entry in alice's home.
func mark(t *testing.T, name, mode string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "smbclient", "//"+lab.FileServer+"/"+lab.Share, "--use-kerberos=required",
		"-U", lab.Alice.UPN(), "-D", "alice", "-c", "setmode "+name+" "+mode)
	cmd.Env = append(os.Environ(), "KRB5CCNAME="+lab.Alice.Kinit(t))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

func TestMarks_areRespected(t *testing.T) {
	home := open(t, kerberos(t, lab.Alice), "alice", storage.Options{})
	for name, content := range map[string]string{"/marked": "precious", "/other": "x"} {
		if err := storagetest.Put(t.Context(), home, name, content); err != nil {
			t.Fatal(err)
		}
	}
	if err := home.Mkdir(t.Context(), "/markeddir"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"marked", "markeddir"} {
		mark(t, name, "+r")
		defer mark(t, name, "-r")
	}
	_, appendErr := home.Create(t.Context(), "/marked", storage.Append, 0)
	for what, err := range map[string]error{
		"replace": storagetest.Put(t.Context(), home, "/marked", "lost"),
		"append":  appendErr,
		"remove":  home.Remove(t.Context(), "/marked"),
		"rmdir":   home.RemoveDir(t.Context(), "/markeddir"),
		"rename":  home.Rename(t.Context(), "/other", "/marked", true),
	} {
		if winerr.Of(err) != winerr.AccessDenied {
			t.Errorf("%s: got %v (code %d)", what, err, winerr.Of(err))
		}
	}
	r, err := home.Open(t.Context(), "/marked", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got, err := io.ReadAll(r); string(got) != "precious" {
		t.Errorf("got %q, %v", got, err)
	}
	mark(t, "other", "+h")
	if _, hidden := names(t, home, "/"); !slices.Equal(hidden, []string{"other"}) {
		t.Errorf("hidden are %q, want other", hidden)
	}
}

func TestEncryptedShare(t *testing.T) {
	to := target()
	to.Share = lab.EncryptedShare
	home, err := smbfs.Dial(t.Context(), to, kerberos(t, lab.Alice), "alice", storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer home.Close()
	content := strings.Repeat("0123456789", 300_000)
	if err := storagetest.Put(t.Context(), home, "/file", content); err != nil {
		t.Fatal(err)
	}
	r, err := home.Open(t.Context(), "/file", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got, err := io.ReadAll(r); err != nil || string(got) != content {
		t.Errorf("%d bytes came back, %v", len(got), err)
	}
}
