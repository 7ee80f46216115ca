//go:build lab

package lab_test

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

// The client sees the same for every failed password; the log says what it was.
func TestLogin_refusals(t *testing.T) {
	s := serve(t)
	const cannot, inaccessible = "User cannot log in.", "User cannot log in, home directory inaccessible."
	wrong := "not-the-password"
	for _, test := range []struct {
		name, user, password, text, cause string
	}{
		{"disabled", "carol", lab.Carol.Password(t).Reveal(), cannot, "sc-win32-status=1331 sc-substatus=41"},
		{"expired", "erin", lab.Erin.Password(t).Reveal(), cannot, "sc-win32-status=1793 sc-substatus=41"},
		{"must change the password", "frank", lab.Frank.Password(t).Reveal(), cannot, "sc-win32-status=1907 sc-substatus=41"},
		{"wrong password", "alice", wrong, cannot, "sc-win32-status=1326 sc-substatus=41"},
		{"wrong password, UPN", lab.Alice.UPN(), wrong, cannot, "sc-win32-status=1326 sc-substatus=41"},
		{"empty password", "bob", "", cannot, "sc-win32-status=1326 sc-substatus=41"},
		{"unknown user", "nobody", wrong, cannot, "sc-win32-status=1317 sc-substatus=41"},
		{"unknown domain", `OTHER\alice`, lab.Alice.Password(t).Reveal(), cannot, "sc-win32-status=1317 sc-substatus=41"},
		{"anonymous", "anonymous", "me@example.com", cannot, "sc-win32-status=5 sc-substatus=33"},
		{"no attributes", "dave", lab.Dave.Password(t).Reveal(), inaccessible, "sc-win32-status=8202 sc-substatus=33"},
	} {
		t.Run(test.name, func(t *testing.T) {
			before := len(s.rows(t))
			if got := dial(t, s).try(test.user, test.password); got.code != 530 || got.text != test.text {
				t.Errorf("got %v, want 530 %s", got, test.text)
			}
			s.waitForNewRow(t, before, "cs-method=PASS sc-status=530 "+test.cause)
		})
	}
}

// Values that set refuses, written by somebody else's tool, let nobody in, not even to a place that is open to the user.
func TestLogin_hostileAttributes(t *testing.T) {
	s := serve(t)
	const name, refused = lab.Grace, "sc-win32-status=123 sc-substatus=33"
	for _, test := range []struct{ root, dir, cause string }{
		{homes, `..\bob`, refused},
		{homes, `grace\..\..\bob`, refused},
		{homes, `x\..\grace`, refused},
		{homes, `..\ftp$\grace`, refused},
		{homes, `\\other\share`, refused},
		{homes, `C:\x`, refused},
		{homes, `a:b`, refused},
		{homes, `grace::$INDEX_ALLOCATION`, refused},
		{homes, "CON", refused},
		{homes + `\x\..`, "grace", refused},
		{`\\?\UNC\` + lab.FileServer + `\` + lab.Share, "grace", refused},
		{homes, "/etc", "sc-win32-status=2 sc-substatus=3"}, // a folder of the share that is not there
	} {
		t.Run(test.dir, func(t *testing.T) {
			write(t, name, test.root, test.dir)
			before := len(s.rows(t))
			got := dial(t, s).try(string(name), name.Password(t).Reveal())
			if got.code != 530 || got.text != "User cannot log in, home directory inaccessible." {
				t.Errorf("login with %q and %q: got %v, want 530 User cannot log in, home directory inaccessible.", test.root, test.dir, got)
			}
			s.waitForNewRow(t, before, "cs-method=PASS sc-status=530 "+test.cause)
		})
	}
	// The same user with decent attributes gets in: none of the above was refused for another reason.
	write(t, name, homes, "grace")
	login(t, s, name)
}

// A change of the attributes decides the next login.
func TestLogin_followsTheAttributes(t *testing.T) {
	s := serve(t)
	write(t, lab.Grace, homes, "grace")
	if got := login(t, s, lab.Grace).upload([]byte("x"), "STOR mine.txt"); got.code != 226 {
		t.Fatalf("upload: got %v, want 226", got)
	}
	if got := login(t, s, lab.Grace).cmd("MKD below"); got.code != 257 {
		t.Fatalf("MKD: got %v, want 257", got)
	}
	if got := ftpisoctl(t, ldaps(lab.FTPAdmin), "set", "grace", "--dir", `grace\below`); got.code != 0 {
		t.Fatalf("set: %v", got)
	}
	moved := login(t, s, lab.Grace)
	if got := moved.cmd("SIZE mine.txt"); got.code != 550 {
		t.Errorf("SIZE of a file of the old home: got %v, want 550", got)
	}
	if got := moved.cmd("CDUP"); got.code == 250 && moved.cmd("SIZE mine.txt").code == 213 {
		t.Error("CDUP left the new home")
	}
}

// A home on a server outside the list gets no packet, so no credential either.
func TestChecklist_W2_foreignFileServerGetsNoPacket(t *testing.T) {
	s := serve(t)
	stop := capture(t, "host "+lab.RogueAddr)
	if got := dial(t, s).try("olga", lab.Olga.Password(t).Reveal()); got.code != 530 {
		t.Errorf("login: got %v, want 530", got)
	}
	if seen := stop(); len(seen) != 0 {
		t.Errorf("%d packets from or to %s, want none; the first is from %v to %v", len(seen), lab.Rogue, seen[0].from, seen[0].to)
	}
	s.waitForRow(t, `cs-method=PASS sc-status=530 sc-substatus=33`)
}

// The capture above would see a packet: without this, an empty capture proves nothing.
func TestCapture_seesTheForeignFileServer(t *testing.T) {
	stop := capture(t, "host "+lab.RogueAddr)
	if dials(lab.RogueAddr+":445") == nil {
		t.Fatal("something listens on the foreign file server")
	}
	if seen := stop(); len(seen) == 0 || !seen[0].has(flagSYN) {
		t.Errorf("got %v, want a SYN", seen)
	}
}
