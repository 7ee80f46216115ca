//go:build lab && unix

package smbfs_test

import (
	"fmt"
	"io"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/storagetest"
)

func BenchmarkTransfer(b *testing.B) {
	const size = 64 << 20
	for name, way := range map[string]struct {
		share    string
		unsigned bool
	}{"unsigned": {lab.Share, true}, "encrypted": {lab.EncryptedShare, false}, "signed": {lab.Share, false}} {
		to, as := target(), kerberos(b, lab.Alice)
		to.Share, as.Unsigned = way.share, way.unsigned
		home, err := smbfs.Dial(b.Context(), to, as, "alice", storage.Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.Run("upload/"+name, func(b *testing.B) {
			b.SetBytes(size)
			for b.Loop() {
				u, err := home.Create(b.Context(), "/bench", storage.Replace, 0)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := io.CopyN(u, zeros{}, size); err != nil {
					b.Fatal(err)
				}
				if err := u.Commit(); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("download/"+name, func(b *testing.B) {
			b.SetBytes(size)
			for b.Loop() {
				r, err := home.Open(b.Context(), "/bench", 0)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, r, make([]byte, 256<<10)); err != nil {
					b.Fatal(err)
				}
				_ = r.Close()
			}
		})
		_ = home.Close()
	}
}

func BenchmarkCalls(b *testing.B) {
	home := open(b, kerberos(b, lab.Alice), "alice", storage.Options{})
	if err := home.Mkdir(b.Context(), "/many"); err != nil {
		b.Fatal(err)
	}
	for i := range 1000 {
		if err := storagetest.Put(b.Context(), home, fmt.Sprintf("/many/%04d", i), ""); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("stat", func(b *testing.B) {
		for b.Loop() {
			if _, err := home.Stat(b.Context(), "/many"); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("list1000", func(b *testing.B) {
		for b.Loop() {
			entries, err := home.List(b.Context(), "/many")
			if err != nil {
				b.Fatal(err)
			}
			n := 0
			for _, err := range entries {
				if n++; err != nil {
					b.Fatal(err)
				}
			}
			if n != 1000 {
				b.Fatal(n)
			}
		}
	})
	b.Run("upload4KiB", func(b *testing.B) {
		content := string(make([]byte, 4<<10))
		for i := 0; b.Loop(); i++ {
			if err := storagetest.Put(b.Context(), home, fmt.Sprintf("/many/%04d", i%1000), content); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("login", func(b *testing.B) {
		l := kerberos(b, lab.Alice)
		for b.Loop() {
			home, err := smbfs.Dial(b.Context(), target(), l, "alice", storage.Options{})
			if err != nil {
				b.Fatal(err)
			}
			_ = home.Close()
		}
	})
}
