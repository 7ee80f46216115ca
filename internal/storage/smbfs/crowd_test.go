package smbfs_test

import (
	"net"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs/smbtest"
)

// A login has one connection, and however slow the server is, a transfer no more than a
// few requests on it, without protection some more.
func TestTransfer_boundsTheCrowdAtAServer(t *testing.T) {
	t.Run("signed", func(t *testing.T) { boundsTheCrowd(t, login(), 4) })
	unsigned := login()
	unsigned.Unsigned = true
	t.Run("unsigned", func(t *testing.T) { boundsTheCrowd(t, unsigned, 8) })
}

func boundsTheCrowd(t *testing.T, as smbfs.Login, deepest int) {
	const pieces = 24
	s := &smbtest.Server{Entries: map[string]smbtest.Entry{"": {Attributes: directory}, "alice": {Attributes: directory}}, Lax: true}
	s.On(func(command smbtest.Command, _ string) (uint32, []byte) {
		if command == smbtest.Write {
			<-time.After(5 * time.Millisecond) // a line that makes more requests worth it
		}
		return 0, nil
	})
	to := smbfs.Target{Address: net.JoinHostPort("127.0.0.1", s.Start(t)), Host: "fs.example.com", Share: "s", Timeout: 20 * time.Second}
	home, err := smbfs.Dial(t.Context(), to, as, "alice", storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer home.Close()
	upload, err := home.Create(t.Context(), "/new", storage.Replace, 0)
	if err != nil {
		t.Fatal(err)
	}
	piece := make([]byte, 1<<20)
	for range pieces {
		if n, err := upload.Write(piece); err != nil || n != len(piece) {
			t.Fatalf("%d, %v", n, err)
		}
	}
	if err := upload.Commit(); err != nil {
		t.Fatal(err)
	}
	if most := s.Crowd.Most(); most.Connections != 1 || most.Requests != deepest {
		t.Errorf("at once there were %+v", most)
	}
}
