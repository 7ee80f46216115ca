package cli

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/negotiate"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// surveyPrinter prints a survey in a form.
func surveyPrinter(form output.Format, out *bytes.Buffer) *placePrinter {
	list := placeList()
	a := &app{env: Env{Stdout: out, Stderr: &bytes.Buffer{}, IsTerminal: func(any) bool { return false }}}
	return &placePrinter{
		printer: output.New(output.Config{Out: out, Format: form, Name: list.name, Columns: list.columns}),
		passed:  true, watch: progress{}.show(a, nil),
	}
}

// exampleSurvey hands out one record of each kind with all that it can have.
func exampleSurvey(t *testing.T, out survey.Sink) {
	t.Helper()
	alice := ldapattr.User{SAMAccountName: "alice", NetBIOSDomain: "CORP"}
	share := location(t, `\\fs01\ftp$`)
	space := survey.Space{Total: 1000, Free: 100, Left: 50}
	for _, err := range []error{
		out.Home(&survey.Home{
			Server: "fs01", Volume: share, Location: location(t, `\\fs01\ftp$\alice`), Users: []ldapattr.User{alice}, State: survey.Found,
			Findings: []survey.Finding{{ID: survey.NotWritable, Text: `CORP\alice may not write`, Err: winerr.AccessDenied}},
			Access:   []survey.Access{{Account: alice, Rights: survey.List | survey.Read}}, Owner: secdesc.Administrators, Space: &space,
		}),
		out.Home(&survey.Home{Users: []ldapattr.User{alice}, State: survey.NotChecked, Reason: "because", Behind: true}),
		out.Share(&survey.Share{
			Server: "fs01", Volume: share, Counts: survey.Counts{Homes: 2, Users: 2, Found: 1, NotChecked: 1}, Space: &space, Expected: 200,
			Anonymous: &survey.Access{Account: alice, Reason: "conditions"},
		}),
		out.Server(&survey.Server{
			Name: "fs01", Counts: survey.Counts{Homes: 2, Users: 2, Found: 1, NotChecked: 1}, Session: "kerberos",
			Offer: &negotiate.Offer{Dialect: "3.1.1", SigningRequired: true, Encryption: true, Ciphers: []string{"AES-128-GCM"}},
		}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// The records in JSON are a contract: a key that changes breaks somebody's script.
func TestPlaceRecord_json(t *testing.T) {
	var out bytes.Buffer
	p := surveyPrinter(output.JSON, &out)
	exampleSurvey(t, p)
	if err := p.printer.Close(true); err != nil {
		t.Fatal(err)
	}
	const none = `"total":null,"free":null,"left":null,"expected":null,"homes":null,"passed":null,"found":null,"notChecked":null,"smb":null}`
	const counts = `"homes":2,"passed":0,"found":1,"notChecked":1,`
	want := `{"schema":1,"places":[
{"kind":"home","state":"problem","place":"\\\\fs01\\ftp$\\alice","server":"fs01","share":"\\\\fs01\\ftp$","users":["CORP\\alice"],"userCount":1,` +
		`"problems":[{"id":"H06","text":"CORP\\alice may not write","win32":5}],"reason":null,"owner":"S-1-5-32-544",` +
		`"access":[{"user":"CORP\\alice","rights":["list","read"],"reason":null}],` +
		`"total":1000,"free":100,"left":50,"expected":null,"homes":null,"passed":null,"found":null,"notChecked":null,"smb":null},
{"kind":"home","state":"not checked","place":"","server":"","share":null,"users":["CORP\\alice"],"userCount":1,"problems":[],"reason":"because","owner":null,"access":null,` + none + `,
{"kind":"share","state":"ok","place":"\\\\fs01\\ftp$","server":"fs01","share":"\\\\fs01\\ftp$","users":null,"userCount":2,"problems":[],"reason":null,"owner":null,` +
		`"access":[{"user":"CORP\\alice","rights":[],"reason":"conditions"}],"total":1000,"free":100,"left":50,"expected":200,` + counts + `"smb":null},
{"kind":"server","state":"ok","place":"fs01","server":"fs01","share":null,"users":null,"userCount":2,"problems":[],"reason":null,"owner":null,"access":null,` +
		`"total":null,"free":null,"left":null,"expected":null,` + counts +
		`"smb":{"dialect":"3.1.1","signingRequired":true,"encryption":true,"ciphers":["AES-128-GCM"],"session":"kerberos"}}
]}
`
	if got := out.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// The columns of CSV have the keys of JSON as titles, and one cell each.
func TestPlaceRecord_csv(t *testing.T) {
	var out bytes.Buffer
	p := surveyPrinter(output.CSV, &out)
	exampleSurvey(t, p)
	if err := p.printer.Close(true); err != nil {
		t.Fatal(err)
	}
	const want = `kind,state,place,users,problems,server,share,userCount,reason,owner,access,total,free,left,expected,homes,passed,found,notChecked,smb
home,problem,\\fs01\ftp$\alice,CORP\alice,CORP\alice may not write [H06],fs01,\\fs01\ftp$,1,,S-1-5-32-544,"CORP\alice: list,read",1000,100,50,,,,,,
home,not checked,,CORP\alice,because,,,1,because,,,,,,,,,,,
share,ok,\\fs01\ftp$,2,,fs01,\\fs01\ftp$,2,,,CORP\alice: ,1000,100,50,200,2,0,1,1,
server,ok,fs01,2,,fs01,,2,,,,,,,,2,0,1,1,"SMB 3.1.1, signing required, can encrypt, kerberos"
`
	if got := out.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Which exit code a survey ends with, where several would do.
func TestPlacePrinter_outcome(t *testing.T) {
	home := func(state survey.State) func(survey.Sink) error {
		return func(out survey.Sink) error { return out.Home(&survey.Home{State: state}) }
	}
	server := func(step string, id survey.ID, err error) func(survey.Sink) error {
		return func(out survey.Sink) error {
			return out.Server(&survey.Server{Name: "fs01", Findings: []survey.Finding{{ID: id, Step: step, Err: err, Text: "what was found"}}})
		}
	}
	dead := server("connect", survey.NoAnswer, winerr.SemTimeout)
	refused := server("session", survey.Refused, winerr.LogonFailure)
	barred := server("allowed", survey.NotAdmitted, winerr.AccessDenied)
	for _, tt := range []struct {
		name  string
		told  []func(survey.Sink) error
		names []error // of users who could not be looked up
		stop  error
		want  int
	}{
		{"nothing", nil, nil, nil, 0},
		{"passed", []func(survey.Sink) error{home(survey.Passed)}, nil, nil, 0},
		{"a problem", []func(survey.Sink) error{home(survey.Passed), home(survey.Found)}, nil, nil, 4},
		{"not checked", []func(survey.Sink) error{home(survey.NotChecked)}, nil, nil, 4},
		{"a dead server", []func(survey.Sink) error{home(survey.Found), refused, dead}, nil, nil, 5},
		{"refused", []func(survey.Sink) error{home(survey.Found), refused}, nil, nil, 6},
		{"not admitted", []func(survey.Sink) error{barred}, nil, nil, 4},
		{"no share", []func(survey.Sink) error{server("share", survey.NoShare, winerr.BadNetName)}, nil, nil, 4},
		{"little space", []func(survey.Sink) error{server("", survey.LittleSpace, nil)}, nil, nil, 4},
		{"a name is nobody's", []func(survey.Sink) error{home(survey.Passed)}, []error{ldapattr.ErrNotFound}, nil, 3},
		{"a name and a problem", []func(survey.Sink) error{home(survey.Found)}, []error{ldapattr.ErrNotFound}, nil, 3},
		{"a name and a dead server", []func(survey.Sink) error{dead}, []error{ldapattr.ErrNotFound}, nil, 5},
		{"the directory is gone", nil, nil, ldapattr.ErrUnreachable, 5},
		{"interrupted", []func(survey.Sink) error{dead}, nil, context.Canceled, 130},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := surveyPrinter(output.JSONL, &bytes.Buffer{})
			for _, tell := range tt.told {
				if err := tell(p); err != nil {
					t.Fatal(err)
				}
			}
			b := &batch{app: &app{env: Env{Stderr: &bytes.Buffer{}, IsTerminal: func(any) bool { return false }}}, done: p.homes.Homes, failed: tt.names}
			if got := p.outcome(b, tt.stop); exitCode(got) != tt.want {
				t.Errorf("exit code %d, want %d: %v", exitCode(got), tt.want, got)
			}
		})
	}
}

// A dead server is the error, by name and with what was found, and not the homes
// behind it.
func TestPlacePrinter_saysWhatIsOutOfReach(t *testing.T) {
	p := surveyPrinter(output.JSONL, &bytes.Buffer{})
	err := p.Server(&survey.Server{Name: "fs01", Findings: []survey.Finding{{ID: survey.NoAnswer, Step: "connect", Err: winerr.SemTimeout, Text: "nothing answers"}}})
	if err != nil {
		t.Fatal(err)
	}
	got := p.outcome(&batch{}, nil)
	if got == nil || got.Error() != "server fs01: nothing answers" || !strings.Contains(advice(got), "port 445") {
		t.Errorf("got %v, hint %q", got, advice(got))
	}
}

// Without a password no file server is entered, and that is said before one is asked.
func TestVisitor_canEnterAny(t *testing.T) {
	local, remote := &visitor{}, &visitor{}
	local.policy.LocalRoots = []homedir.Location{location(t, "/srv")}
	var err error
	if remote.policy, err = (&fileServerFlags{names: []string{"fs01"}}).policy(config.File{}); err != nil {
		t.Fatal(err)
	}
	if err := local.canEnterAny(); err != nil {
		t.Errorf("local folders: %v", err)
	}
	err = remote.canEnterAny()
	var own *exitError
	if !errors.As(err, &own) || exitCode(err) != exitUsage || !strings.Contains(advice(err), "--password-file") {
		t.Errorf("a file server: %v", err)
	}
}
