package cli

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

func TestReachOf(t *testing.T) {
	place := func(text string) homedir.Location {
		l, err := homedir.ParseLocation(text)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	if reachOf(config.File{}) != nil {
		t.Error("a configuration without pathMap and dfs leads elsewhere")
	}
	for _, admitted := range []bool{true, false} {
		file := config.File{
			DFS:     []config.Mapping{{From: place(`\\corp.example.com\homes`), To: place(`\\fs01\ftp$\h`)}},
			PathMap: []config.Mapping{{From: place(`\\fs02\ftp$`), To: place("/srv/ftp")}},
		}
		if admitted {
			file.FileServers = []config.FileServer{{Name: "fs01"}}
		}
		reach := reachOf(file)
		for from, to := range map[string]string{
			`\\corp.example.com\homes\al`: `\\fs01\ftp$\h\al`, `\\fs02\ftp$\al`: "/srv/ftp/al", `\\fs01\ftp$\al`: `\\fs01\ftp$\al`, `\\fs03\x\al`: `\\fs03\x\al`, `D:\ftp`: `D:\ftp`,
		} {
			if got := reach(place(from)).String(); got != to {
				t.Errorf("%s leads to %s, want %s", from, got, to)
			}
		}
	}
}
