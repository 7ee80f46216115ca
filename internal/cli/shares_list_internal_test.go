package cli

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"github.com/ftpisoctl/ftpisoctl/internal/output"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// A share that refuses the account is a line like others; a server that goes away ends
// the list, which must not look whole.
func TestSharesList_print(t *testing.T) {
	found := []smbfs.ShareInfo{{Name: "a$", Disk: true, Comment: "c"}, {Name: "IPC$", Special: true}, {Name: "z", Disk: true}}
	const first = `{"schema":1,"share":"a$","type":"disk","hidden":true,"special":false,"comment":"c","path":"\\\\fs01\\a$",`
	const sizes, none = `"total":10,"free":5,"left":1,"problem":null}`, `"total":null,"free":null,"left":null,"problem":`
	const ipc = `{"schema":1,"share":"IPC$","type":"other","hidden":true,"special":true,"comment":"","path":"\\\\fs01\\IPC$",` + none + "null}"
	const last = `{"schema":1,"share":"z","type":"disk","hidden":false,"special":false,"comment":"","path":"\\\\fs01\\z",` + sizes
	for _, tt := range []struct {
		err  error // of the first share
		code int
		want []string
	}{
		{nil, exitOK, []string{first + sizes, ipc, last}},
		{winerr.AccessDenied, exitOK, []string{first + none + fmt.Sprintf("%q}", winerr.AccessDenied.Error()), ipc, last}},
		{winerr.NetNameDeleted, exitUnreachable, []string{first + none + fmt.Sprintf("%q}", winerr.NetNameDeleted.Error())}},
	} {
		var out bytes.Buffer
		a := &app{env: Env{Stdout: &out, Stderr: &bytes.Buffer{}, IsTerminal: func(any) bool { return false }}}
		a.out = &out
		o := sharesListOptions{form: formFlags{format: output.JSONL, list: sharesListed(), flags: pflag.NewFlagSet("", pflag.ContinueOnError)}}
		err := o.print(a, "fs01", found, func(share string) (smbfs.Space, error) {
			if share == "a$" && tt.err != nil {
				return smbfs.Space{}, tt.err
			}
			return smbfs.Space{Total: 10, Free: 5, Available: 1}, nil
		})
		if got := strings.TrimSpace(out.String()); exitCode(err) != tt.code || got != strings.Join(tt.want, "\n") {
			t.Errorf("%v: exit code %d, %v\ngot\n%s\nwant\n%s", tt.err, exitCode(err), err, got, strings.Join(tt.want, "\n"))
		}
	}
}
