package cli

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

const sharesListHelp = `List the shares of a file server with their comments, hidden ones too, and the space
of those that --bind-user may enter. The server is named here, so it need not be
listed in fileServers; --ntlm allows NTLM with one that is not listed where Kerberos
is not to be had.`

type sharesListOptions struct {
	ntlm bool
	form formFlags
}

func newSharesListCommand(a *app) *cobra.Command {
	var o sharesListOptions
	cmd := &cobra.Command{
		Use:     "list SERVER",
		Short:   "List the shares of a file server",
		Long:    sharesListHelp,
		Example: "  ftpisoctl shares list fs01.corp.example.com",
		Args:    exactly(1, "SERVER"),
		RunE:    func(cmd *cobra.Command, args []string) error { return runSharesList(cmd.Context(), a, &o, args[0]) },
	}
	cmd.Flags().BoolVar(&o.ntlm, "ntlm", false, "allow NTLM with the server where Kerberos is not to be had")
	o.form.add(cmd, sharesListed())
	return cmd
}

// sharesListed is what shares list prints.
func sharesListed() recordList {
	return recordList{name: "shares", columns: []output.Column{
		{Title: "share"}, {Title: "type"}, {Title: "hidden"}, {Title: "total"}, {Title: "free"}, {Title: "left"}, {Title: "comment"},
		{Title: "path", Detail: true}, {Title: "problem", Alarm: filled},
	}}
}

func runSharesList(ctx context.Context, a *app, o *sharesListOptions, server string) error {
	server = strings.Trim(server, `\`)
	place, err := homedir.ParseLocation(`\\` + server + `\` + placeholder)
	if err != nil || place.Server() != server {
		return usage("%q is no server name", server)
	}
	v, err := openVisitor(ctx, a, &fileServerFlags{})
	if err != nil {
		return err
	}
	defer v.forest.Close()
	if v.policy.Allowed(place) != nil {
		v.policy.FileServers = append(v.policy.FileServers, shares.FileServer{Pattern: server, NTLM: o.ntlm})
	}
	if err := canEnter(v.policy, place, v.bind); err != nil {
		return err
	}
	return o.list(ctx, a, v, place)
}

// list enters a server and prints what it has.
func (o *sharesListOptions) list(ctx context.Context, a *app, v *visitor, place homedir.Location) error {
	session, err := v.opener().Enter(ctx, place, v.as)
	if err != nil {
		code, advice := stepOutcome(&shares.Step{Name: "session", Err: err})
		return &exitError{code, err, advice}
	}
	defer session.Close()
	found, err := session.Shares(ctx)
	if err != nil {
		code, advice := stepOutcome(&shares.Step{Name: "list", Err: err})
		if code == exitRights {
			advice = "the server lets not every account list its shares; name one with --bind-user that administers it, or check a single home with shares check USER"
		}
		return &exitError{code, err, advice}
	}
	slices.SortFunc(found, func(a, b smbfs.ShareInfo) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	return o.print(a, place.Server(), found, func(share string) (smbfs.Space, error) { return roomOf(ctx, session, share) })
}

// roomOf enters a share to see its space.
func roomOf(ctx context.Context, session *smbfs.Session, share string) (smbfs.Space, error) {
	folder, err := session.Folder(ctx, share)
	if err != nil {
		return smbfs.Space{}, err
	}
	defer folder.Close()
	return folder.Space(ctx, "")
}

// print lists the shares, and ends where the server is lost.
func (o *sharesListOptions) print(a *app, server string, found []smbfs.ShareInfo, room func(share string) (smbfs.Space, error)) error {
	printer, people := a.printer(&o.form), o.form.table(a)
	for _, share := range found {
		r := listedRecord{
			Share: share.Name, Type: "other", Hidden: strings.HasSuffix(share.Name, "$"), Special: share.Special,
			Comment: share.Comment, Path: `\\` + server + `\` + share.Name,
		}
		var lost error
		if share.Disk {
			r.Type = "disk"
			space, err := room(share.Name)
			if err == nil {
				total, free, left := survey.Size(space.Total), survey.Size(space.Free), survey.Size(space.Available)
				r.Total, r.Free, r.Left = &total, &free, &left
			} else if r.Problem = present(err.Error()); unreachable(winerr.Of(err)) {
				lost = err
			}
		}
		if err := printer.Row(r, r.cells(people)...); err != nil {
			return err
		}
		if lost != nil {
			code, advice := stepOutcome(&shares.Step{Name: "share", Err: lost})
			return errors.Join(&exitError{code, lost, advice}, printer.Close(false))
		}
	}
	return printer.Close(true)
}

// placeholder stands for a share where a server alone is meant.
const placeholder = "-"

// listedRecord is a share of a server in JSON.
type listedRecord struct {
	Share   string       `json:"share"`
	Type    string       `json:"type"`   // disk or other
	Hidden  bool         `json:"hidden"` // its name ends in a dollar sign
	Special bool         `json:"special"`
	Comment string       `json:"comment"`
	Path    string       `json:"path"`
	Total   *survey.Size `json:"total"` // octets; null where the account may not enter
	Free    *survey.Size `json:"free"`
	Left    *survey.Size `json:"left"`
	Problem *string      `json:"problem"` // why it was not entered
}

// cells shows sizes to people in units, and to programs in octets.
func (r listedRecord) cells(people bool) []string {
	show := octets
	if people {
		show = size
	}
	return []string{r.Share, r.Type, strconv.FormatBool(r.Hidden), show(r.Total), show(r.Free), show(r.Left), r.Comment, r.Path, plain(r.Problem)}
}
