package cli

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
)

func TestSiteNamed(t *testing.T) {
	one, two := config.File{Sites: []config.Site{{Name: "a"}}}, config.File{Sites: []config.Site{{Name: "a"}, {Name: "b"}}}
	for _, test := range []struct {
		file      config.File
		ask, want string
		fails     bool
	}{
		{config.File{}, "", "", false}, {config.File{}, "a", "", true},
		{one, "", "a", false}, {one, "a", "a", false}, {one, "b", "", true},
		{two, "", "", true}, {two, "b", "b", false},
	} {
		site, err := siteNamed(test.file, "x.yaml", test.ask)
		got := ""
		if site != nil {
			got = site.Name
		}
		if got != test.want || (err != nil) != test.fails || err != nil && exitCode(err) != exitUsage {
			t.Errorf("%d sites, --site %q: got %q, %v", len(test.file.Sites), test.ask, got, err)
		}
	}
}

// The log row shows the address of the first binding, as far as it says one.
func TestDoorOf(t *testing.T) {
	for binding, want := range map[config.Binding]string{"192.0.2.1:2121": "192.0.2.1:2121", "*:21": ":21", "ftps://[2001:db8::1]:990": "[2001:db8::1]:990"} {
		if got := doorOf(config.Site{Bindings: []config.Binding{binding}}).String(); got != want {
			t.Errorf("%s: got %s, want %s", binding, got, want)
		}
	}
}
