package cli

import (
	"cmp"
	"context"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
)

// checkResult is what became of a check. The words are part of the output's contract.
type checkResult string

const (
	checkOK      checkResult = "ok"
	checkWarning checkResult = "warning"
	checkFailed  checkResult = "FAILED"
	checkSkipped checkResult = "skipped" // what it stands on is not there
)

// checkRecord is one check in JSON.
type checkRecord struct {
	Check    string      `json:"check"`
	Object   string      `json:"object"` // of a check of several: a URL, a file server
	Result   checkResult `json:"result"`
	Evidence string      `json:"evidence"`
	Next     string      `json:"next"`
	Took     string      `json:"took"`
	Error    string      `json:"error"` // id of a cause that docs/errors.md explains
	code     int         // exit code of one that failed
}

// finding is what a check found.
type finding struct {
	object   string
	evidence string
	next     string
	warning  bool
	code     int // of a failure; 0: as err says
	err      error
}

// doctor examines. What one check found out the next ones use.
type doctor struct {
	app       *app
	watch     *progress
	checks    []checkRecord
	file      config.File
	path      string
	site      *config.Site // nil: none
	directory ldapattr.Config
	urls      []string         // of the domain controllers
	forest    *ldapattr.Forest // nil: not connected
	facts     ldapattr.Facts
	sample    *ldapattr.User // with a home; nil: none was found
}

// check makes one check and keeps what it found. It reports whether the next ones have
// something to stand on.
func (d *doctor) check(name string, look func() finding) bool {
	began := time.Now()
	return d.keep(name, look(), time.Since(began))
}

func (d *doctor) keep(name string, f finding, took time.Duration) bool {
	r := checkRecord{Check: name, Object: f.object, Result: checkOK, Evidence: f.evidence, Next: f.next, Took: took.Round(100 * time.Microsecond).String()}
	switch {
	case f.err != nil:
		r.Result, r.Error, r.code = checkFailed, errorID(f.err), f.code
		if r.Evidence == "" {
			r.Evidence = f.err.Error()
		}
		if r.Next == "" {
			r.Next = cmp.Or(advice(f.err), otherwise(name))
		}
		if r.code == 0 {
			r.code = exitCode(f.err)
		}
		if r.code != exitUnreachable && r.code != exitRights {
			r.code = exitFindings
		}
	case f.warning:
		r.Result = checkWarning
	}
	d.checks = append(d.checks, r)
	d.watch.step()
	return f.err == nil
}

// otherwise is the next step where the cause of a failure brings none.
func otherwise(check string) string {
	switch check {
	case "config", "connection", "ports", "certificate":
		return "correct what the error names, in the configuration, a flag or a variable; docs/configuration.md has each key"
	}
	return "run doctor again with -vv, which tells what is asked of whom"
}

// skip says that checks were not made.
func (d *doctor) skip(because string, names ...string) {
	for _, name := range names {
		d.checks = append(d.checks, checkRecord{Check: name, Result: checkSkipped, Evidence: because, Took: "0s"})
	}
}

// examine makes all checks in their order.
func (d *doctor) examine(ctx context.Context) {
	const needsConfig = "the configuration cannot be used"
	if !d.check("config", d.configuration) {
		d.skip(needsConfig, "connection", "controllers", "bind", "clock", "site", "schema", "base", "catalog", "read", "write", "file server", "service account", "ports", "certificate")
		return
	}
	if d.check("connection", func() finding { return d.connection(ctx) }) {
		examineControllers(ctx, d)
		d.check("bind", func() finding { return d.bind(ctx) })
	} else {
		d.skip("there is no connection to make", "controllers", "bind")
	}
	if d.forest != nil {
		defer d.forest.Close()
		d.domain(ctx)
	} else {
		d.skip("there is no connection", "clock", "site", "schema", "base", "catalog", "read", "write")
	}
	examineFileServers(ctx, d)
	if d.site == nil {
		d.skip("no site is configured", "service account", "ports", "certificate")
		return
	}
	d.check("service account", func() finding { return examineServiceAccount(ctx, d) })
	d.check("ports", func() finding { return examinePorts(d) })
	d.check("certificate", func() finding { return examineCertificate(d) })
}

// doctorAs is who goes to file servers.
func doctorAs(ctx context.Context, d *doctor) shares.Credentials {
	if d.forest == nil {
		return shares.Credentials{}
	}
	as, err := shareAccount(ctx, d.forest, d.directory.Bind)
	if err != nil {
		return shares.Credentials{}
	}
	return as
}
