package cli

import (
	"runtime"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
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
