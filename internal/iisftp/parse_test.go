package iisftp_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/iisftp"
)

// plain is a Call with its passwords in the open, so that it can be compared.
type plain struct {
	call            iisftp.Call
	password, admin string
}

func reveal(c iisftp.Call) plain {
	p := plain{password: c.Target.Password.Reveal(), admin: c.Site.AdminPassword.Reveal()}
	c.Target.Password, c.Site.AdminPassword = iisftp.Call{}.Target.Password, iisftp.Call{}.Site.AdminPassword
	p.call = c
	return p
}

// noSite is what every call has that creates none.
var noSite = iisftp.Site{Port: 21, Isolation: iisftp.NoIsolation}

func TestParse_properties(t *testing.T) {
	dc1 := iisftp.Target{Server: "dc1"}
	ada := iisftp.Target{Server: "dc1", User: `CORP\ada`}
	tests := []struct {
		args []string
		want plain
	}{
		{[]string{"/GetADProp", "alice"}, plain{call: iisftp.Call{Operation: iisftp.GetADProp, User: "alice"}}},
		{[]string{"/getadprop", `CORP\alice`, "/S", "dc1"}, plain{call: iisftp.Call{Operation: iisftp.GetADProp, User: `CORP\alice`, Target: dc1}}},
		{[]string{"/s", "dc1", "/GETADPROP", "alice"}, plain{call: iisftp.Call{Operation: iisftp.GetADProp, User: "alice", Target: dc1}}},
		{
			[]string{"/SetADProp", "alice", "msIIS-FTPDir", `teams\alice`},
			plain{call: iisftp.Call{Operation: iisftp.SetADProp, User: "alice", Property: homedir.AttrDir, Value: `teams\alice`}},
		},
		{
			[]string{"/setadprop", "alice", "ftproot", `\\fs01\ftp$`, "/s", "dc1", "/u", `CORP\ada`, "/p", "Pa55 word"},
			plain{iisftp.Call{
				Operation: iisftp.SetADProp, User: "alice", Property: homedir.AttrRoot, Value: `\\fs01\ftp$`, Target: ada, Exposed: []string{"/p"},
			}, "Pa55 word", ""},
		},
		{
			[]string{"/SetADProp", "alice", "MSIIS-FTPROOT", "/srv/ftp"},
			plain{call: iisftp.Call{Operation: iisftp.SetADProp, User: "alice", Property: homedir.AttrRoot, Value: "/srv/ftp"}},
		},
		{
			[]string{"/SetADProp", "alice", "FTPDir", ""},
			plain{call: iisftp.Call{Operation: iisftp.SetADProp, User: "alice", Property: homedir.AttrDir}},
		},
		{
			[]string{"/GetADProp", "alice", "/s", "dc1", "/U", `CORP\ada`, "/P", "/secret"},
			plain{iisftp.Call{Operation: iisftp.GetADProp, User: "alice", Target: ada, Exposed: []string{"/P"}}, "/secret", ""},
		},
	}
	for _, test := range tests {
		t.Run(strings.Join(test.args, " "), func(t *testing.T) {
			test.want.call.Site = noSite
			got, err := iisftp.Parse(test.args)
			if err != nil || !reflect.DeepEqual(reveal(got), test.want) {
				t.Errorf("got %+v, %v\nwant %+v", reveal(got), err, test.want)
			}
		})
	}
}

func TestParse_sites(t *testing.T) {
	site := func(change func(s *iisftp.Site)) iisftp.Site {
		s := iisftp.Site{Path: `C:\ftp`, Name: "Homes", Port: 21, Isolation: iisftp.NoIsolation}
		change(&s)
		return s
	}
	credentials := func(s *iisftp.Site) {
		s.Isolation, s.Domain, s.Admin = iisftp.ActiveDirectoryIsolation, "CORP", `CORP\svc`
	}
	tests := []struct {
		args  string // split at blanks
		want  iisftp.Call
		admin string
	}{
		{`/create C:\ftp Homes`, iisftp.Call{Operation: iisftp.Create, Site: site(func(*iisftp.Site) {})}, ""},
		{`/CREATE C:\ftp Homes /B 2121 /I 10.0.0.1 /DontStart`, iisftp.Call{
			Operation: iisftp.Create, Site: site(func(s *iisftp.Site) { s.Port, s.Address, s.DontStart = 2121, "10.0.0.1", true }),
		}, ""},
		{`/create C:\ftp Homes /isolation local`, iisftp.Call{
			Operation: iisftp.Create, Site: site(func(s *iisftp.Site) { s.Isolation = iisftp.LocalIsolation }),
		}, ""},
		{`/create C:\ftp Homes /isolation AD`, iisftp.Call{
			Operation: iisftp.Create, Site: site(func(s *iisftp.Site) { s.Isolation = iisftp.ActiveDirectoryIsolation }),
		}, ""},
		{
			`/create C:\ftp Homes /isolation activedirectory /domain CORP /Admin CORP\svc /AdminPwd s3cret`,
			iisftp.Call{Operation: iisftp.Create, Site: site(credentials), Exposed: []string{"/AdminPwd"}}, "s3cret",
		},
		{
			`/create C:\ftp Homes /isolation AD /addomain CORP /ADadmin CORP\svc /adPass s3cret`,
			iisftp.Call{Operation: iisftp.Create, Site: site(credentials), Exposed: []string{"/adPass"}}, "s3cret",
		},
		{`/delete Homes`, iisftp.Call{Operation: iisftp.Delete, Site: noSite, Sites: []string{"Homes"}}, ""},
		{`/Start Homes MSFTPSVC/2`, iisftp.Call{Operation: iisftp.Start, Site: noSite, Sites: []string{"Homes", "MSFTPSVC/2"}}, ""},
		{`/stop Homes /s web1`, iisftp.Call{Operation: iisftp.Stop, Site: noSite, Sites: []string{"Homes"}, Target: iisftp.Target{Server: "web1"}}, ""},
		{`/pause Homes`, iisftp.Call{Operation: iisftp.Pause, Site: noSite, Sites: []string{"Homes"}}, ""},
		{`/query`, iisftp.Call{Operation: iisftp.Query, Site: noSite}, ""},
		{`/query Homes Other`, iisftp.Call{Operation: iisftp.Query, Site: noSite, Sites: []string{"Homes", "Other"}}, ""},
	}
	for _, test := range tests {
		t.Run(test.args, func(t *testing.T) {
			got, err := iisftp.Parse(strings.Fields(test.args))
			if want := (plain{call: test.want, admin: test.admin}); err != nil || !reflect.DeepEqual(reveal(got), want) {
				t.Errorf("got %+v, %v\nwant %+v", reveal(got), err, want)
			}
		})
	}
}

func TestParse_refuses(t *testing.T) {
	tests := []struct{ args, want string }{
		{"", "no operation"},
		{"/s dc1", "no operation"},
		{"alice", "first argument is an operation"},
		{"/GetADProp", "/GetADProp needs UserID"},
		{"/GetADProp /s dc1", "/GetADProp needs UserID"},
		{"/GetADProp alice bob", "takes UserID and no more"},
		{"/GetADProp alice /SetADProp", "two operations"},
		{"/SetADProp alice msIIS-FTPDir", "/SetADProp needs UserID, PropertyName, PropertyValue, in this order"},
		{"/SetADProp alice msIIS-FTPDir /s dc1", "/SetADProp needs"},
		{"/SetADProp alice homeDirectory x", "PropertyName is msIIS-FTPRoot or msIIS-FTPDir"},
		{"/SetADProp alice FTPDir my folder", "and no more; a value with blanks"},
		{"/GetADProp alice /s", "/s needs a value"},
		{"/GetADProp alice /s /u bob", "/s needs a value"},
		{"/GetADProp alice /u bob", "/u goes with /s"},
		{"/GetADProp alice /s dc1 /p x", "/p goes with /u"},
		{"/GetADProp alice /s dc1 /s dc2", "/s is given twice"},
		{"/GetADProp alice /x", "there is no switch /x"},
		{"/GetADProp /x alice", "there is no switch /x"},
		{"/GetADProp alice /s:dc1", "there is no switch /s"},
		{"/frobnicate", "there is no switch /frobnicate"},
		{"/GetADProp alice /b 21", "/b goes with /create alone"},
		{`/create C:\ftp`, "/create needs Path, SiteName"},
		{`/create C:\ftp Homes /b 0`, "/b: the value is a number"},
		{`/create C:\ftp Homes /b 65536`, "/b: the value is a number"},
		{`/create C:\ftp Homes /i localhost`, "/i: the value is an IP address"},
		{`/create C:\ftp Homes /isolation full`, "/isolation: the value is Local, AD or ActiveDirectory"},
		{`/create C:\ftp Homes /isolation`, "/isolation needs a value"},
		{`/create C:\ftp Homes /isolation Local /domain CORP`, "go with /isolation ActiveDirectory"},
		{`/create C:\ftp Homes /isolation AD /domain CORP`, "go together"},
		{"/delete", "/delete needs SiteName"},
		{"/stop Homes /dontstart", "/dontstart goes with /create alone"},
	}
	for _, test := range tests {
		t.Run(test.args, func(t *testing.T) {
			_, err := iisftp.Parse(strings.Fields(test.args))
			var syntax *iisftp.SyntaxError
			if !errors.As(err, &syntax) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// Whoever types a password into the wrong place must not find it in a log.
func TestParse_errorsRepeatNoValue(t *testing.T) {
	const secret = "s3cretPa55"
	for _, args := range []string{
		"/GetADProp alice /s dc1 /u bob /p" + secret, "/GetADProp alice /s dc1 /u bob /p:" + secret, "/GetADProp alice /s dc1 /u bob /P=" + secret,
		"/GetADProp alice " + secret, secret, "/GetADProp alice /u bob " + secret, "/p " + secret, "/s dc1 /u bob /p " + secret,
		"/create p n /isolation AD /adminpwd" + secret, "/create p n /isolation AD /ADPASS" + secret, "/create p n /isolation " + secret,
		"/create p n /b " + secret, "/create p n /i " + secret, "/SetADProp alice " + secret + " x",
	} {
		if _, err := iisftp.Parse(strings.Fields(args)); err == nil || strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), secret[1:]) {
			t.Errorf("%s: %v", args, err)
		}
	}
}

func TestParse_help(t *testing.T) {
	for args, want := range map[string]iisftp.Operation{
		"/?": "", "/HELP": "", "/SetADProp /?": iisftp.SetADProp, "/? /query": iisftp.Query, "/getadprop alice /s /?": iisftp.GetADProp, "/nonsense /?": "",
	} {
		got, err := iisftp.Parse(strings.Fields(args))
		if err != nil || !got.Help || got.Operation != want {
			t.Errorf("%s: got %+v, %v, want the help of %q", args, got, err, want)
		}
	}
}

func TestHelp_hasEveryOperationAndSwitch(t *testing.T) {
	all := iisftp.Help("")
	operations := []iisftp.Operation{
		iisftp.GetADProp, iisftp.SetADProp, iisftp.Create, iisftp.Delete, iisftp.Start, iisftp.Stop, iisftp.Pause, iisftp.Query,
	}
	for _, operation := range operations {
		for _, text := range []string{all, iisftp.Help(operation)} {
			if !strings.Contains(text, "iisftp /"+string(operation)+" ") {
				t.Errorf("no form of /%s in:\n%s", operation, text)
			}
		}
		others := slices.DeleteFunc(slices.Clone(operations), func(o iisftp.Operation) bool { return o == operation })
		if text := iisftp.Help(operation); strings.Contains(text, "iisftp /"+string(others[0])) {
			t.Errorf("the help of /%s tells of /%s", operation, others[0])
		}
	}
	for _, name := range []string{"/b ", "/i ", "/dontstart", "/isolation ", "/domain ", "/Admin ", "/AdminPwd ", "/s ", "/u ", "/p "} {
		if !strings.Contains(all, name) {
			t.Errorf("no %s in the help", name)
		}
	}
	for line := range strings.Lines(all) {
		if len([]rune(line)) > 100 {
			t.Errorf("a line of the help is wider than a terminal: %s", line)
		}
	}
}

// Whatever the words are, and wherever a password slips in: no panic, a whole call
// or an error, and no error that repeats the password.
func FuzzParse(f *testing.F) {
	const secret = "s3cretPa55"
	f.Add("/SetADProp\nalice\nFTPRoot\n/srv\n/s\ndc1\n/u\nbob", 8, "/p\n")
	f.Add("/create\np\nn\n/isolation\nAD", 5, "/ADpass")
	f.Add("/delete\nx", 0, "")
	f.Fuzz(func(t *testing.T, line string, at int, before string) {
		args := strings.Split(line, "\n")
		args = slices.Insert(args, max(0, at)%(len(args)+1), strings.Split(before+secret, "\n")...)
		call, err := iisftp.Parse(args)
		switch {
		case err != nil && strings.Contains(err.Error(), secret):
			t.Errorf("%q: %v", args, err)
		case err == nil && !call.Help && call.Operation == "":
			t.Errorf("%q: a call for nothing", args)
		case err == nil && call.Operation == iisftp.SetADProp && !call.Help && call.Property != homedir.AttrRoot && call.Property != homedir.AttrDir:
			t.Errorf("%q: property %q", args, call.Property)
		}
	})
}
