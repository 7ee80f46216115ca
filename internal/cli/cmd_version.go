package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/output"
)

// buildVersion is set by the linker: -ldflags "-X …/internal/cli.buildVersion=v1.2.3".
var buildVersion string

const versionHelp = `Show the version of the program, and what it was built with.`

type versionOptions struct {
	json bool
}

func newVersionCommand(a *app) *cobra.Command {
	var o versionOptions
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Show the version",
		Long:  versionHelp,
		Args:  none,
		RunE:  func(*cobra.Command, []string) error { return runVersion(a, o) },
	}
	cmd.Flags().BoolVar(&o.json, "json", false, "as a JSON object")
	return cmd
}

// buildRecord is the program in JSON.
type buildRecord struct {
	Version string `json:"version"` // names the source's revision too, and says -dirty or +dirty if it was changed
	Go      string `json:"go"`
	OS      string `json:"os"`
	Arch    string `json:"arch"`
}

func runVersion(a *app, o versionOptions) error {
	b := build()
	if o.json {
		return output.Object(a.out, b)
	}
	_, err := fmt.Fprintf(a.out, "ftpisoctl %s (%s, %s/%s)\n", b.Version, b.Go, b.OS, b.Arch)
	return err
}

// build takes the version from the linker, else from the module, as "go install"
// leaves it there.
func build() buildRecord {
	b := buildRecord{Version: buildVersion, Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH}
	if info, ok := debug.ReadBuildInfo(); ok && b.Version == "" {
		b.Version = info.Main.Version
	}
	if b.Version == "" {
		b.Version = "(devel)"
	}
	return b
}
