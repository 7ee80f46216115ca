package cli

import (
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/config/words"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/memfs"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
)

// MODE Z is off unless the site says so; its limits are the site's.
func TestEngineConfig_modeZ(t *testing.T) {
	site := config.DefaultSite()
	settings, err := engineConfig(sitePlan{file: config.Default(), site: site})
	if err != nil || settings.ModeZ != nil {
		t.Errorf("by default: got %+v, %v", settings.ModeZ, err)
	}
	site.ModeZ.Enabled, site.ModeZ.MaxSize = true, 1<<20
	settings, err = engineConfig(sitePlan{file: config.Default(), site: site})
	if err != nil || settings.ModeZ == nil || settings.ModeZ.MaxSize != 1<<20 || settings.ModeZ.MaxRatio != 200 || settings.ModeZ.Level != 6 {
		t.Errorf("switched on: got %+v, %v", settings.ModeZ, err)
	}
}

// Line ends go by where the files are, not by what serves them.
func TestWindowsLines(t *testing.T) {
	if !windowsLines(&smbfs.FS{}) {
		t.Error("a share's files end in LF")
	}
	if got := windowsLines(memfs.New()); got != (runtime.GOOS == "windows") {
		t.Errorf("a local home on %s: got %v", runtime.GOOS, got)
	}
}

// The keys about what a client is told reach the engine, each by itself.
func TestEngineConfig_texts(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*config.Site)
		holds  func(ftpsrv.Config) bool
	}{
		"hostNames":                    {func(s *config.Site) { s.HostNames = []config.HostName{"a", "b"} }, func(c ftpsrv.Config) bool { return slices.Equal(c.HostNames, []string{"a", "b"}) }},
		"allowUTF8":                    {func(s *config.Site) { s.AllowUTF8 = false }, func(c ftpsrv.Config) bool { return c.NoUTF8 }},
		"expandVariables":              {func(s *config.Site) { s.Messages.ExpandVariables = true }, func(c ftpsrv.Config) bool { return c.Messages.ExpandVariables }},
		"allowLocalDetailedErrors off": {func(s *config.Site) { s.Messages.AllowLocalDetailedErrors = false }, func(c ftpsrv.Config) bool { return !c.DetailedErrors }},
		"DisplayAvailableBytes": {
			func(s *config.Site) { s.DirectoryBrowse.ShowFlags = []words.ShowFlag{words.ShowAvailableBytes} },
			func(c ftpsrv.Config) bool { return c.AvailableBytes && !c.Listing.Unix },
		},
		"compatibility": {func(s *config.Site) { s.Compatibility = words.CompatibilityIIS }, func(c ftpsrv.Config) bool { return c.IIS }},
	} {
		t.Run(name, func(t *testing.T) {
			site := config.DefaultSite()
			settings, err := engineConfig(sitePlan{file: config.Default(), site: site})
			if err != nil || tt.holds(settings) {
				t.Errorf("it holds by default: %v, %v", tt.holds(settings), err)
			}
			tt.change(&site)
			if settings, err = engineConfig(sitePlan{file: config.Default(), site: site}); err != nil || !tt.holds(settings) {
				t.Errorf("it holds: %v, %v", tt.holds(settings), err)
			}
		})
	}
}

// All clients of the demo are local, and it shows what the others see.
func TestDemo_hidesDetails(t *testing.T) {
	_, site, err := (&demo{homes: t.TempDir()}).configuration()
	if err != nil || site.Messages.AllowLocalDetailedErrors {
		t.Errorf("details are shown: %v, %v", site.Messages.AllowLocalDetailedErrors, err)
	}
}

// Guesses at the demo's known passwords are not worth a wait; serve's are.
func TestDemo_failsFast(t *testing.T) {
	plan, err := (&demo{folder: t.TempDir(), homes: t.TempDir()}).plan(nil)
	if err != nil {
		t.Fatal(err)
	}
	for plan, want := range map[*sitePlan]time.Duration{&plan: demoFailureDelay, {file: config.Default(), site: config.DefaultSite()}: 0} {
		settings, err := engineConfig(*plan)
		if got := settings.Connections.LoginFailureDelay; err != nil || got != want {
			t.Errorf("got %v, %v, want %v", got, err, want)
		}
	}
}
