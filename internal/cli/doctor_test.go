package cli_test

import (
	"encoding/json"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
)

type diagnosis struct {
	Checks []struct{ Check, Object, Result, Evidence, Next, Error string }
}

func (w *world) doctor(t *testing.T, args ...string) (diagnosis, int) {
	t.Helper()
	code := w.run(t, append([]string{"doctor", "--json", "--timeout", "2s"}, args...)...)
	var d diagnosis
	if err := json.Unmarshal(w.out.Bytes(), &d); err != nil {
		t.Fatalf("%v: %s%s", err, &w.out, &w.err)
	}
	for _, c := range d.Checks { // whatever is wrong, somebody reads what to do
		if c.Evidence == "" || c.Next == "" && (c.Result == "FAILED" || c.Result == "warning") || strings.HasSuffix(c.Next, "; ") {
			t.Errorf("%s %s: evidence %q, next step %q", c.Check, c.Result, c.Evidence, c.Next)
		}
	}
	return d, code
}

// result returns the results of the checks of a name.
func (d diagnosis) result(check string) string {
	var results []string
	for _, c := range d.Checks {
		if c.Check == check {
			results = append(results, c.Result)
		}
	}
	return strings.Join(results, " ")
}

func doctorsSite(t *testing.T, more string) string {
	t.Helper()
	return file(t, "ftpisoctl.yaml", "pathMap: [{from: '\\\\fs01\\ftp$', to: "+filepath.ToSlash(t.TempDir())+"}]\nallowRoot: true\n"+
		"sites:\n- name: homes\n  security: {ssl: {controlChannelPolicy: SslAllow, dataChannelPolicy: SslAllow}}\n"+more)
}

// The order of the checks and the keys are a contract: tickets hold them.
func TestDoctor_allIsWell(t *testing.T) {
	w, server := domainWithPassword(t)
	before := server.Stats().Modifies
	d, code := w.doctor(t, "--config", doctorsSite(t, ""))
	var got []string
	for _, c := range d.Checks {
		got = append(got, c.Check+" "+c.Result)
	}
	want := []string{"config ok", "connection ok", "controllers ok", "controller ok", "bind ok", "clock ok", "site ok", "schema ok", "base ok", "catalog ok",
		"read ok", "write ok", "file server skipped", "service account ok", "ports ok", "certificate warning"}
	if code != 0 || !slices.Equal(got, want) {
		t.Errorf("exit code %d: %q\nwant %q\n%s%s", code, got, want, &w.out, &w.err)
	}
	if want := `{"check":"schema","object":"","result":"ok","evidence":"msIIS-FTPRoot and msIIS-FTPDir are there","next":"","took":"`; !strings.Contains(w.out.String(), want) {
		t.Errorf("%s lacks %s", &w.out, want)
	}
	if server.Stats().Modifies != before {
		t.Error("something was written")
	}
}

// One dead domain controller of two is told in bounded time, and is no reason to stop.
func TestDoctor_deadController(t *testing.T) {
	w, _ := domainWithPassword(t)
	silent, err := net.Listen("tcp", "127.0.0.1:0") // it accepts, and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	w.variables["FTPISOCTL_SERVER"] += ",ldaps://" + silent.Addr().String()
	began := time.Now()
	d, code := w.doctor(t)
	if code != 5 || d.result("controller") != "ok FAILED" || d.result("bind") != "ok" || d.result("schema") != "ok" {
		t.Errorf("exit code %d: %s", code, &w.out)
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestDoctor_whatIsWrong(t *testing.T) {
	for _, test := range []struct {
		name, check, result string
		code                int
		with                func(t *testing.T, w *world, server *adsim.Server) (args []string)
	}{
		{"unknown key", "config", "FAILED", 4, func(t *testing.T, _ *world, _ *adsim.Server) []string {
			return []string{"--config", file(t, "x.yaml", "nonsense: 1")}
		}},
		{"wrong password", "bind", "FAILED", 6, func(t *testing.T, w *world, _ *adsim.Server) []string {
			w.variables["FTPISOCTL_PASSWORD_FILE"] = file(t, "wrong.password", "wrong")
			return nil
		}},
		{"no authority", "controller", "FAILED", 5, func(_ *testing.T, w *world, _ *adsim.Server) []string {
			delete(w.variables, "FTPISOCTL_CA_FILE")
			return nil
		}},
		{"global catalog", "connection", "FAILED", 4, func(_ *testing.T, w *world, _ *adsim.Server) []string {
			w.variables["FTPISOCTL_SERVER"] = "ldaps://dc1.corp.example.com:3269"
			return nil
		}},
		{"no right to write", "write", "warning", 0, func(t *testing.T, w *world, _ *adsim.Server) []string {
			w.variables["FTPISOCTL_BIND_USER"], w.variables["FTPISOCTL_PASSWORD_FILE"] = `CORP\bob`, file(t, "bob.password", "Bui1der!!")
			return nil
		}},
		{"a server that is not listed", "file server", "warning", 0, func(*testing.T, *world, *adsim.Server) []string { return nil }},
		{"a server without a name", "file server", "FAILED", 5, func(t *testing.T, _ *world, _ *adsim.Server) []string {
			return []string{"--config", file(t, "x.yaml", "fileServers: [{name: fs01}, {name: fs01.invalid}]")}
		}},
		{"no certificate", "certificate", "FAILED", 4, func(t *testing.T, _ *world, _ *adsim.Server) []string {
			return []string{"--config", file(t, "tls.yaml", "sites: [{name: homes}]")}
		}},
		{"service account", "service account", "FAILED", 6, func(t *testing.T, _ *world, _ *adsim.Server) []string {
			return []string{"--config", doctorsSite(t, "  userIsolation: {activeDirectory: {adUserName: 'CORP\\bob', adPasswordFile: "+
				filepath.ToSlash(file(t, "bob.password", "wrong"))+"}}\n")}
		}},
		{"service account without a password", "service account", "FAILED", 6, func(t *testing.T, _ *world, _ *adsim.Server) []string {
			return []string{"--config", doctorsSite(t, "  userIsolation: {activeDirectory: {adUserName: 'CORP\\bob', adPasswordFile: "+
				filepath.ToSlash(filepath.Join(t.TempDir(), "none"))+"}}\n")}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w, server := domainWithPassword(t)
			args := test.with(t, w, server)
			d, code := w.doctor(t, args...)
			if got := strings.Fields(d.result(test.check)); code != test.code || !slices.Contains(got, test.result) {
				t.Errorf("exit code %d, %s: %q; want %d and %s\n%s%s", code, test.check, got, test.code, test.result, &w.out, &w.err)
			}
		})
	}
}

// A domain's own name is that of its namespaces: no list of file servers helps there.
func TestDoctor_namespace(t *testing.T) {
	w, _ := domainWithPassword(t)
	d, code := w.doctor(t, "--config", file(t, "x.yaml", "fileServers: [{name: corp.example.com}]"))
	for _, c := range d.Checks {
		if c.Object == "corp.example.com" && (c.Result != "warning" || !strings.Contains(c.Evidence, "is the domain itself") || !strings.Contains(c.Next, "under dfs:")) {
			t.Errorf("got %+v", c)
		}
	}
	if code != 0 || !strings.Contains(w.out.String(), `"object":"corp.example.com"`) {
		t.Errorf("exit code %d: %s", code, &w.out)
	}
}

// Where nobody has a home yet, what cannot be asked is said, and what to do.
func TestDoctor_nobodyHasAHome(t *testing.T) {
	w, _ := domainOf(t, strings.SplitAfter(seed, "\n\n")[0])
	w.variables["FTPISOCTL_PASSWORD_FILE"] = file(t, "password", adaPassword)
	d, code := w.doctor(t, "--config", doctorsSite(t, "  userIsolation: {activeDirectory: {adUserName: 'CORP\\ada', adPasswordFile: "+
		filepath.ToSlash(file(t, "ada.password", adaPassword))+"}}\n"))
	for _, check := range []string{"read", "write", "service account"} {
		if d.result(check) != "warning" || code != 0 {
			t.Errorf("exit code %d, %s: %s\n%s", code, check, d.result(check), &w.out)
		}
	}
}

// Whoever watches sees that it is at work; a pipe holds the result alone.
func TestDoctor_showsProgress(t *testing.T) {
	w, _ := domainWithPassword(t)
	for _, watched := range []bool{false, true} {
		w.terminal, w.clock = watched, 500*time.Millisecond
		if code := w.run(t, "doctor", "-o", "table"); code != 0 || strings.HasPrefix(w.err.String(), "\rchecking: 1 check, ") != watched ||
			!watched && w.err.Len() > 0 || strings.Contains(w.out.String(), "\r") {
			t.Errorf("watched %v: exit code %d, %q", watched, code, &w.err)
		}
	}
}

func TestDoctor_refusesTwoForms(t *testing.T) {
	w := &world{}
	if code := w.run(t, "doctor", "--json", "-o", "csv"); code != 2 || !strings.Contains(w.err.String(), "exclude each other") {
		t.Errorf("exit code %d: %s", code, &w.err)
	}
}
