package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// demoSettings returns the lines that set the connection's variables in the
// shell of this system.
func demoSettings(d *demo) string {
	form := "  export %s='%s'\n"
	if runtime.GOOS == "windows" {
		form = "  $env:%s = '%s'\n"
	}
	var lines strings.Builder
	for _, row := range [][2]string{
		{"FTPISOCTL_SERVER", d.url()},
		{"FTPISOCTL_CA_FILE", d.caFile()},
		{"FTPISOCTL_BIND_USER", demoAdmin},
		{"FTPISOCTL_PASSWORD_FILE", d.passwordFile()},
	} {
		fmt.Fprintf(&lines, form, row[0], row[1])
	}
	return lines.String()
}

// programName returns how to call this program from the current folder.
func programName() string {
	path, err := os.Executable()
	if err != nil {
		return "ftpisoctl"
	}
	folder, err := os.Getwd()
	if err != nil {
		return path
	}
	if relative, err := filepath.Rel(folder, path); err == nil && !strings.HasPrefix(relative, "..") {
		if filepath.Base(relative) == relative {
			return "." + string(filepath.Separator) + relative
		}
		return relative
	}
	return path
}
