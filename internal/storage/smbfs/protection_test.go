package smbfs_test

import (
	"fmt"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs/smbtest"
)

// Sessions are signed whether or not the server wants it, and no answer without a
// signature is taken, until an administrator says that a server may go without.
func TestSession_signsUnlessToldNotTo(t *testing.T) {
	for _, tt := range []struct {
		mute, lax, unsigned bool
		want                string // how requests go out; "" = the answers are refused
	}{
		{want: "signed"},
		{lax: true, want: "signed"},
		{lax: true, unsigned: true, want: "unsigned"},
		{unsigned: true, want: "signed"}, // the server insists
		{mute: true},
		{mute: true, lax: true}, // somebody in between has taken the signatures away
		{mute: true, unsigned: true},
		{mute: true, lax: true, unsigned: true, want: "unsigned"},
	} {
		t.Run(fmt.Sprintf("%+v", tt), func(t *testing.T) {
			s := &smbtest.Server{Entries: map[string]smbtest.Entry{"": {Attributes: directory}}, Mute: tt.mute, Lax: tt.lax}
			as := login()
			as.Unsigned = tt.unsigned
			session := enter(t, s, as)
			err := session.Mount(t.Context())
			if tt.want == "" {
				if err == nil {
					t.Error("an answer without a signature was taken")
				}
				return
			}
			var home *smbfs.FS
			if err == nil {
				home, err = session.Open(t.Context(), "", storage.Options{})
			}
			if err != nil {
				t.Fatal(err)
			}
			defer home.Close()
			if got := session.Protection(); got != tt.want {
				t.Errorf("requests go out %s, want %s", got, tt.want)
			}
		})
	}
}
