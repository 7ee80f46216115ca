package cli_test

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
)

// member is a user as one domain controller has it.
type member struct {
	name, dir string
	changed   string    // whenChanged; "": whatever it is
	versions  [2]uint32 // of root and dir; zero: none can be read
	id        int       // the same on all domain controllers
}

func (m member) ldif() string {
	text := fmt.Sprintf("\ndn: CN=%s,CN=Users,DC=corp,DC=example,DC=com\nobjectClass: user\nsAMAccountName: %s\nobjectGUID:: %s\nmsIIS-FTPRoot: \\\\fs01\\ftp$\n",
		m.name, m.name, base64.StdEncoding.EncodeToString([]byte(fmt.Sprintf("0123456789abcde%c", 'a'+m.id))))
	if m.dir != "" {
		text += "msIIS-FTPDir: " + m.dir + "\n"
	}
	if m.changed != "" {
		text += "whenChanged: " + m.changed + "\n"
	}
	if m.versions[0]+m.versions[1] > 0 {
		metadata := binary.LittleEndian.AppendUint32(nil, 1)
		metadata = binary.LittleEndian.AppendUint32(metadata, 0)
		metadata = binary.LittleEndian.AppendUint64(metadata, 2)
		for i, version := range m.versions {
			metadata = binary.LittleEndian.AppendUint32(metadata, 0x906f9+uint32(i))
			metadata = binary.LittleEndian.AppendUint32(metadata, version)
			metadata = append(metadata, make([]byte, 40)...)
		}
		text += "replPropertyMetaData:: " + base64.StdEncoding.EncodeToString(metadata) + "\n"
	}
	return text
}

// domainOfTwo starts two domain controllers of one domain and a world that is
// pointed at both.
func domainOfTwo(t *testing.T, first, second []member) (*world, [2]*adsim.Server, [2]string) {
	t.Helper()
	var servers [2]*adsim.Server
	var urls [2]string
	var authorities string
	var w *world
	for i, members := range [][]member{first, second} {
		var text strings.Builder
		text.WriteString(strings.SplitAfter(seed, "\n\n")[0]) // Ada alone
		for _, m := range members {
			text.WriteString(m.ldif())
		}
		w, servers[i] = domainOf(t, text.String())
		urls[i] = w.variables["FTPISOCTL_SERVER"]
		ca, err := os.ReadFile(w.variables["FTPISOCTL_CA_FILE"])
		if err != nil {
			t.Fatal(err)
		}
		authorities += string(ca)
	}
	w.variables["FTPISOCTL_SERVER"] = urls[0] + "," + urls[1]
	w.variables["FTPISOCTL_CA_FILE"] = file(t, "ca.pem", authorities)
	w.variables["FTPISOCTL_PASSWORD_FILE"] = file(t, "password", adaPassword)
	return w, servers, urls
}

func TestReplicas_showWhichLag(t *testing.T) {
	const early, late = "20260101000000.0Z", "20260101000500.0Z"
	first := []member{
		{name: "same", dir: "a", id: 0},
		{name: "newer", dir: "new", versions: [2]uint32{1, 5}, changed: early, id: 1},
		{name: "older", dir: "old", versions: [2]uint32{1, 4}, changed: late, id: 2}, // something else was changed there later
		{name: "byTime", dir: "", changed: late, id: 3},
		{name: "nobodyKnows", dir: "x", changed: late, id: 4},
		{name: "onlyHere", dir: "x", id: 5},
	}
	second := []member{
		{name: "same", dir: "a", id: 0},
		{name: "newer", dir: "old", versions: [2]uint32{1, 4}, changed: late, id: 1},
		{name: "older", dir: "new", versions: [2]uint32{1, 5}, changed: early, id: 2},
		{name: "byTime", dir: "x", changed: early, id: 3},
		{name: "nobodyKnows", dir: "y", changed: late, id: 4},
	}
	w, _, urls := domainOfTwo(t, first, second)
	want := ""
	for _, row := range [][5]string{
		{"same", "a", "current", "a", "current"},
		{"newer", "new", "current", "old", "lagging"},
		{"older", "old", "lagging", "new", "current"},
		{"byTime", "", "current", "x", "lagging"},
		{"nobodyKnows", "x", "differs", "y", "differs"},
		{"onlyHere", "x", "current", "", "missing"},
	} {
		root := `\\fs01\ftp$`
		want += `CORP\` + row[0] + "\t" + urls[0] + "\t" + root + "\t" + row[1] + "\t" + row[2] + "\n"
		if row[4] == "missing" {
			root = ""
		}
		want += `CORP\` + row[0] + "\t" + urls[1] + "\t" + root + "\t" + row[3] + "\t" + row[4] + "\n"
	}
	if code := w.run(t, "get", "same", "newer", "older", "byTime", "nobodyKnows", "onlyHere", "--all-dcs"); code != 0 || w.out.String() != want {
		t.Errorf("get: exit code %d: %s\n%s\nwant\n%s", code, &w.err, &w.out, want)
	}
	if code := w.run(t, "list", "--all-dcs", "--filter", "(msIIS-FTPRoot=*)"); code != 0 || w.out.String() != want {
		t.Errorf("list: exit code %d: %s\n%s\nwant\n%s", code, &w.err, &w.out, want)
	}
	// A user in the list of one domain controller is shown from all.
	if code := w.run(t, "list", "--all-dcs", "--missing", "--filter", "(msIIS-FTPRoot=*)", "--columns", "user,dir,state"); code != 0 || w.out.String() != "CORP\\byTime\t\tcurrent\nCORP\\byTime\tx\tlagging\n" {
		t.Errorf("list --missing: exit code %d: %s\n%s", code, &w.err, &w.out)
	}
	if code := w.run(t, "get", "newer", "--all-dcs", "-o", "jsonl"); code != 0 || !strings.Contains(w.out.String(), `"server":"`+urls[1]+`","root":"\\\\fs01\\ftp$","dir":"old","state":"lagging"}`) {
		t.Errorf("json: exit code %d: %s\n%s", code, &w.err, &w.out)
	}
}

// A domain controller that does not answer is named once, and the others are shown.
func TestReplicas_oneDoesNotAnswer(t *testing.T) {
	members := []member{{name: "amy", dir: "a", id: 0}, {name: "ben", dir: "b", id: 1}}
	w, servers, urls := domainOfTwo(t, members, members)
	servers[1].SetFaults(adsim.Faults{Refuse: true})
	code := w.run(t, "get", "amy", "ben", "--all-dcs", "--timeout", "5s", "--columns", "user,server,state")
	want := "CORP\\amy\t" + urls[0] + "\tcurrent\nCORP\\amy\t" + urls[1] + "\tunreachable\nCORP\\ben\t" + urls[0] + "\tcurrent\nCORP\\ben\t" + urls[1] + "\tunreachable\n"
	if code != 3 || w.out.String() != want || strings.Count(w.err.String(), "error: ") != 2 || !strings.Contains(w.err.String(), "error: 1 of 2 domain controllers did not answer") {
		t.Errorf("exit code %d: %s\n%s", code, &w.err, &w.out)
	}
	if code := w.run(t, "list", "--all-dcs", "-o", "json"); code != 3 || !strings.Contains(w.out.String(), `"incomplete":true`) {
		t.Errorf("list: exit code %d: %s\n%s", code, &w.err, &w.out)
	}
	servers[0].SetFaults(adsim.Faults{Refuse: true})
	if code := w.run(t, "get", "amy", "--all-dcs", "--timeout", "5s"); code != 5 {
		t.Errorf("none answers: exit code %d: %s", code, &w.err)
	}
}

func TestReplicas_refused(t *testing.T) {
	w, _, _ := domainOfTwo(t, nil, nil)
	for args, want := range map[string]int{
		"get nobody --all-dcs":                                8,
		"get alice --all-dcs --columns account":               2,
		"get alice --columns state":                           2,
		"get alice --all-dcs -o ldif":                         2,
		"list --all-dcs --ou OU=No,DC=corp,DC=example,DC=com": 8,
		"list --all-dcs --filter (":                           2,
		"list --all-dcs --group nobody":                       8,
		"list --group nobody":                                 8,
	} {
		if code := w.run(t, strings.Fields(args)...); code != want || w.err.Len() == 0 {
			t.Errorf("%s: exit code %d, want %d: %s", args, code, want, &w.err)
		}
	}
	if w.run(t, "list", "--group", "nobody"); !strings.Contains(w.err.String(), "group") {
		t.Errorf("the error does not name the group: %s", &w.err)
	}
}
