package shares_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// A volume that is mounted inside a home belongs to it only if it is listed.
func TestOpener_Open_entersListedMounts(t *testing.T) {
	for _, tt := range []struct {
		roots []homedir.Location
		want  winerr.Code
	}{
		{[]homedir.Location{place(t, "/")}, winerr.CantAccessFile},
		{[]homedir.Location{place(t, "/"), place(t, "/proc/sys")}, winerr.Success},
	} {
		home, err := shares.NewOpener(shares.Policy{LocalRoots: tt.roots}).Open(t.Context(), place(t, "/"), shares.Credentials{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := home.Stat(t.Context(), "/proc/sys/kernel/ostype"); winerr.Of(err) != tt.want {
			t.Errorf("%v: got %v, want %d", tt.roots, err, tt.want)
		}
		if err := home.Close(); err != nil {
			t.Error(err)
		}
	}
}
