package storagetest

import (
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

func naming() []behaviour {
	return []behaviour{
		{"odd names are names", oddNames},
		{"hostile names are refused", hostileNames},
		{"no spelling stands for another", spellings},
		{"paths may be long", longPaths},
		{"temporary names do not exist", temporaryNames},
	}
}

func oddNames(e *env) {
	for _, base := range []string{
		"with blanks  in it", "-rf", "--", "Grüße", "日本語", "😀.txt", ".hidden", "...x", "a.b.c", "%2e%2e", "~", "$HOME", "`id`",
		"semi;colon", "quote'", "&", "(1)", "[a]", "#", "!", "e\u0301", strings.Repeat("n", 200),
	} {
		name := "/" + base
		e.put(name, base)
		e.want(name, base)
		e.wantList("/", base)
		e.ok("rename", e.fs.Rename(e.ctx(), name, "/plain", false))
		e.ok("rename back", e.fs.Rename(e.ctx(), "/plain", name, false))
		e.ok("remove", e.fs.Remove(e.ctx(), name))
		e.mkdir(name)
		e.put(name+"/in", "x")
		e.wantList(name, "in")
		e.ok("remove", e.fs.Remove(e.ctx(), name+"/in"))
		e.ok("rmdir", e.fs.RemoveDir(e.ctx(), name))
	}
}

// everyCall hands name to every method and returns their errors.
func (e *env) everyCall(name string) map[string]error {
	errs := make(map[string]error)
	_, errs["stat"] = e.fs.Stat(e.ctx(), name)
	_, errs["lstat"] = e.fs.Lstat(e.ctx(), name)
	_, errs["list"] = e.fs.List(e.ctx(), name)
	r, err := e.fs.Open(e.ctx(), name, 0)
	if errs["open"] = err; err == nil {
		_ = r.Close()
	}
	for what, d := range map[string]storage.Disposition{
		"stor": storage.Replace, "stou": storage.New, "appe": storage.Append, "rest": storage.Resume,
	} {
		u, err := e.fs.Create(e.ctx(), name, d, 0)
		if errs[what] = err; err == nil {
			_ = u.Abort(false)
		}
	}
	errs["mkdir"] = e.fs.Mkdir(e.ctx(), name)
	errs["time"] = e.fs.SetModTime(e.ctx(), name, e.stat("/").ModTime())
	errs["rename from"] = e.fs.Rename(e.ctx(), name, "/stolen", true)
	errs["rename to"] = e.fs.Rename(e.ctx(), "/bait", name, true)
	errs["remove"] = e.fs.Remove(e.ctx(), name)
	errs["rmdir"] = e.fs.RemoveDir(e.ctx(), name)
	return errs
}

func temporaryNames(e *env) {
	e.put("/bait", "bait")
	e.mkdir("/dir")
	temporary := storage.TemporaryName()
	for _, name := range []string{"/" + temporary, "/" + strings.ToUpper(temporary), "/dir/" + temporary, "/" + temporary + "/x"} {
		for call, err := range e.everyCall(name) {
			e.code(call+" "+name, err, winerr.FileNotFound)
		}
	}
	e.wantList("/", "bait", "dir")
	e.wantList("/dir")
}

func ending() []behaviour {
	return []behaviour{{"a closed home answers nothing", closedAnswers}}
}

func closedAnswers(e *env) {
	e.put("/bait", "bait")
	info := e.stat("/")
	e.ok("close", e.fs.Close())
	e.ok("second close", e.fs.Close())
	_, err := e.fs.Stat(e.ctx(), "/")
	e.code("stat", err, winerr.NetNameDeleted)
	_, err = e.fs.List(e.ctx(), "/")
	e.code("list", err, winerr.NetNameDeleted)
	_, err = e.fs.Open(e.ctx(), "/bait", 0)
	e.code("open", err, winerr.NetNameDeleted)
	_, err = e.fs.Create(e.ctx(), "/new", storage.Replace, 0)
	e.code("create", err, winerr.NetNameDeleted)
	e.code("mkdir", e.fs.Mkdir(e.ctx(), "/d"), winerr.NetNameDeleted)
	e.code("remove", e.fs.Remove(e.ctx(), "/bait"), winerr.NetNameDeleted)
	e.code("rename", e.fs.Rename(e.ctx(), "/bait", "/b", true), winerr.NetNameDeleted)
	e.code("time", e.fs.SetModTime(e.ctx(), "/bait", info.ModTime()), winerr.NetNameDeleted)
	_, err = e.fs.Statfs(e.ctx())
	e.code("statfs", err, winerr.NetNameDeleted)
}
