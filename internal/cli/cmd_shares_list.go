package cli

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
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
	o.form.add(cmd, recordList{name: "shares", columns: []output.Column{
		{Title: "share"}, {Title: "type"}, {Title: "hidden"}, {Title: "total"}, {Title: "free"}, {Title: "left"}, {Title: "comment"},
		{Title: "path", Detail: true}, {Title: "problem", Alarm: filled},
	}})
	return cmd
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
	session, err := v.opener().Enter(ctx, place, v.as)
	if err != nil {
		code, advice := stepOutcome(&shares.Step{Name: "session", Err: err})
		return &exitError{code, err, advice}
	}
	defer session.Close()
	found, err := session.Shares(ctx)
	if err != nil {
		return err
	}
	slices.SortFunc(found, func(a, b smbfs.ShareInfo) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	printer := a.printer(&o.form)
	for _, share := range found {
		r := sharedRecord(ctx, session, server, share)
		if err := printer.Row(r, r.cells(o.form.table(a))...); err != nil {
			return err
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

func sharedRecord(ctx context.Context, session *smbfs.Session, server string, share smbfs.ShareInfo) listedRecord {
	r := listedRecord{
		Share: share.Name, Type: "other", Hidden: strings.HasSuffix(share.Name, "$"), Special: share.Special,
		Comment: share.Comment, Path: `\\` + server + `\` + share.Name,
	}
	if !share.Disk {
		return r
	}
	r.Type = "disk"
	folder, err := session.Folder(ctx, share.Name)
	if err == nil {
		defer folder.Close()
		var space smbfs.Space
		if space, err = folder.Space(ctx, ""); err == nil {
			total, free, left := survey.Size(space.Total), survey.Size(space.Free), survey.Size(space.Available)
			r.Total, r.Free, r.Left = &total, &free, &left
		}
	}
	if err != nil {
		r.Problem = present(err.Error())
	}
	return r
}

// cells shows sizes to people in units, and to programs in octets.
func (r listedRecord) cells(people bool) []string {
	show := octets
	if people {
		show = size
	}
	return []string{r.Share, r.Type, strconv.FormatBool(r.Hidden), show(r.Total), show(r.Free), show(r.Left), r.Comment, r.Path, plain(r.Problem)}
}
