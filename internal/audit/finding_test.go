package audit_test

import (
	"encoding/json"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

func TestFingerprintOf_holdsForEverySpelling(t *testing.T) {
	want := audit.FingerprintOf("X01", "9f1c", `\\fs01\ftp$\alice`)
	if len(want) != 32 {
		t.Errorf("got %q, want 32 digits", want)
	}
	if got := audit.FingerprintOf("X01", "9F1C", `\\FS01/ftp$/Alice`); got != want {
		t.Errorf("another spelling: got %s, want %s", got, want)
	}
	for _, other := range []string{
		audit.FingerprintOf("X02", "9f1c", `\\fs01\ftp$\alice`),
		audit.FingerprintOf("X01", "9f1d", `\\fs01\ftp$\alice`),
		audit.FingerprintOf("X01", "9f1c", `\\fs01\ftp$\bob`),
		audit.FingerprintOf("X019", "f1c", `\\fs01\ftp$\alice`),
	} {
		if other == want {
			t.Errorf("another finding has the same fingerprint %s", other)
		}
	}
}

// The keys are a contract: scripts read them.
func TestFinding_asJSON(t *testing.T) {
	f := audit.Finding{
		Rule: "V04", Severity: audit.High, Status: audit.Found,
		Object:   audit.Object{GUID: "g", SID: "s", DN: "CN=A", Login: "alice", Domain: "corp.example.com"},
		Location: "msIIS-FTPDir", Evidence: []audit.Evidence{{Name: "msIIS-FTPDir", Value: `\\fs01\ftp$`}},
		Message: "m", Remedy: "r", Fix: &audit.Fix{Action: "set", After: audit.FixValues{Root: "a", Dir: "b"}}, Fingerprint: "00",
	}
	got, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"rule":"V04","severity":"high","status":"found","guid":"g","sid":"s","dn":"CN=A","login":"alice","domain":"corp.example.com",` +
		`"location":"msIIS-FTPDir","evidence":[{"name":"msIIS-FTPDir","value":"\\\\fs01\\ftp$"}],"message":"m","remedy":"r",` +
		`"fix":{"action":"set","before":{},"after":{"root":"a","dir":"b"}},"fingerprint":"00"}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
