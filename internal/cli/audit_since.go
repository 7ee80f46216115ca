package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/report"
)

const (
	sinceLast  = "last"  // the value of --since that means the report which the program keeps
	sinceNever = "never" // what a report says that had none before it
)

// earlierReport is what --since names; nil: nothing.
type earlierReport struct {
	report *audit.Report // nil: there was none yet
	path   string        // where the next one is kept; "" is nowhere
}

// earlier reads what --since names, before anybody is asked for anything that takes
// long. There is one kept report for each domain and each choice of users and rules.
func (o *auditOptions) earlier(a *app, scope audit.Scope, domain string) (*earlierReport, error) {
	switch o.known.since {
	case "":
		return nil, nil
	case sinceLast:
	default:
		r, complete, err := readOriginal(a, o.known.since)
		switch {
		case err != nil:
		case !complete:
			err = usage("%s is the report of an audit that was cut short", o.known.since)
		case r.Scope.Since != "":
			err = usage("%s holds what was new then, and not what was known", o.known.since)
		}
		return &earlierReport{report: r}, err
	}
	folder := stateFolder(runtime.GOOS, os.Geteuid(), a.env.lookup)
	if folder == "" {
		return nil, hint(usage("there is no place for the last report: neither a home nor a state folder is known"), "name an earlier report with --since FILE")
	}
	about, err := json.Marshal(struct {
		Domain string
		Scope  audit.Scope
		Level  int
	}{domain, scope, o.visit.level})
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(about)
	e := &earlierReport{path: filepath.Join(folder, "audit", hex.EncodeToString(sum[:8])+".json")}
	f, err := os.Open(e.path)
	if errors.Is(err, fs.ErrNotExist) {
		return e, nil
	}
	if err != nil {
		return nil, usage("read the last report: %w", err)
	}
	defer f.Close()
	if e.report, _, err = report.Read(f); err != nil {
		return nil, hint(usage("the last report %s %w", e.path, err), "remove it: then everything is new")
	}
	return e, nil
}

// findings are those of the earlier report.
func (e *earlierReport) findings() []audit.Finding {
	if e == nil || e.report == nil {
		return nil
	}
	return e.report.Findings
}

// answered are those of the earlier report about which a report can tell. What it did
// not ask, or could not check, is not gone.
func (e *earlierReport) answered(after *audit.Report) []audit.Finding {
	if e == nil || e.report == nil {
		return nil
	}
	doubtful := map[string]bool{}
	for _, c := range audit.Diff(e.report, after, true).Changes {
		doubtful[c.Fingerprint] = doubtful[c.Fingerprint] || c.Change == audit.ChangeNotChecked
	}
	return slices.DeleteFunc(slices.Clone(e.report.Findings), func(f audit.Finding) bool { return doubtful[f.Fingerprint] })
}

// leaveOut makes a report one of what is new, and counts the rest.
func (e *earlierReport) leaveOut(r *audit.Report) {
	if e == nil {
		return
	}
	r.Scope.Since = sinceNever
	if e.report != nil {
		r.Scope.Since = e.report.Started.UTC().Format(time.RFC3339)
	}
	found, _ := audit.Compare(e.findings(), r.Findings)
	r.Known = len(r.Findings) - len(found)
	if r.Findings = found; found == nil {
		r.Findings = []audit.Finding{}
	}
}

// keep writes the report for the next --since last, without the map of places, and with
// what was open and could not be looked at now.
func (e *earlierReport) keep(r *audit.Report, info ldapattr.DomainInfo) error {
	if e == nil || e.path == "" {
		return nil
	}
	kept := *r
	if e.report != nil {
		kept.Findings = append(slices.Clip(kept.Findings), audit.StillOpen(e.report, r)...)
	}
	kept.Tool, kept.Domain, kept.Server, kept.Servers = tool(), info.DNSName, info.Server, nil
	if err := os.MkdirAll(filepath.Dir(e.path), 0o700); err != nil {
		return usage("keep the report: %w", err)
	}
	return rewrite(e.path, func(out io.Writer) error { return writeReportJSON(out, &kept, true) })
}
