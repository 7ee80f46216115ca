package storagetest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Hostile returns names that every storage refuses with winerr.InvalidName before
// it looks at anything: each would mean another entry than it says, on some
// storage. The homes of the suite have a file bait and a directory dir.
func Hostile() []string {
	names := []string{
		// No absolute, clean path.
		"", ".", "..", "../x", "/..", "/../x", "/dir/../..", "/dir/../../x", "/./x", "//x", "/dir/", "/dir//x", "x", "dir/x",
		`\x`, `C:\x`, `C:/x`, `C:`, `\\fs\s`, `\\?\C:\x`, `\\.\pipe\x`, `\??\C:\x`, "//fs/s", "dir",
	}
	for _, component := range hostileComponents() {
		names = append(names, "/"+component, "/dir/"+component, "/"+component+"/x")
	}
	return names
}

// hostileComponents are names of one entry.
func hostileComponents() []string {
	components := []string{
		// Windows drops these endings, so they would name the file without them.
		"bait.", "bait..", "bait ", "bait  ", "bait. ", "bait .", "...", ". .", " ", "dir.", "dir ",
		// The other separator, alone and mixed.
		`..\x`, `dir\x`, `\x`, `x\`, `dir\..\..\x`, `dir\..`, `..\..`,
		// Alternate streams, and the directory itself as a stream.
		"a:b", "bait:", ":x", "bait::$DATA", "bait::$data", "bait:x:$DATA", "dir::$INDEX_ALLOCATION", "dir:$I30:$INDEX_ALLOCATION", "C:", "C:x",
		// Wildcards and what else NTFS refuses.
		"a*", "a?", "<", ">", "a|b", `"bait"`, "*", "bai?",
		// Control characters, and ones that nobody sees or that turn the line round.
		"a\x00b", "bait\x00", "a\nb", "a\rb", "a\tb", "a\x1b[2J", "a\x7fb", "a\u0085b", "a\u202egpj.exe", "a\u2028b", "\ufeffbait", "ba\u00adit",
		"bait\u200b", "bait\u2060",
		// No UTF-8: an overlong slash and dot, half a character, a surrogate.
		"..\xc0\xafx", "\xc0\xae\xc0\xae", "a\xff", "a\xe2\x82", "a\xed\xa0\x80",
		// Aliases of longer names, as Windows and Samba make them.
		"BAIT~1", "bait~1.txt", "LONGNA~1.TXT", "DIR~1", "~1", "AB12F4~1.HT", "FZK3Q1~T", "fzk3q1~t.txt",
		// Longer than a name may be: in bytes and characters, and in characters of two units.
		strings.Repeat("n", 256), strings.Repeat("😀", 128),
	}
	for _, device := range []string{"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"} {
		components = append(components, device, strings.ToLower(device), device+".txt", device+" .tar.gz", strings.ToLower(device)+".x.y")
	}
	for _, port := range []string{"COM", "lpt"} {
		for _, digit := range []string{"0", "1", "9", "¹", "²", "³"} {
			components = append(components, port+digit, port+digit+".txt", port+digit+" .x")
		}
	}
	return components
}

func hostileNames(e *env) {
	e.put("/bait", "bait")
	e.mkdir("/dir")
	for _, name := range Hostile() {
		for call, err := range e.everyCall(name) {
			e.code(fmt.Sprintf("%s %.80q", call, name), err, winerr.InvalidName)
		}
	}
	e.want("/bait", "bait")
	e.wantList("/", "bait", "dir")
	e.wantList("/dir")
}

// spellings are names that look alike, or that somebody might fold into one:
// composed and decomposed letters (macOS sends the second kind), letters that
// Unicode calls compatible, look-alikes of separators and dots. NTFS keeps each
// under exactly its own bytes, and so does every storage here.
func spellings(e *env) {
	names := []string{
		"caf\u00e9", "cafe\u0301", "\u00c5", "A\u030a", "\u212b", "\ufb01le", "file", "\uff0e\uff0e", "a\u2215b", "a\u2044b", "a\uff3cb",
		"com\u2074", "COM10", "nul\u00a0", "x\u3000",
	}
	for _, name := range names {
		e.put("/"+name, name)
	}
	for _, name := range names {
		e.want("/"+name, name)
	}
	slices.Sort(names)
	e.wantList("/", names...)
	_, err := e.fs.Create(e.ctx(), "/cafe\u0301", storage.New, 0)
	e.code("create", err, winerr.AlreadyExists)
	e.ok("remove", e.fs.Remove(e.ctx(), "/cafe\u0301"))
	e.want("/caf\u00e9", "caf\u00e9")
}

// longPaths go beyond the 260 characters that old programs of Windows bear.
func longPaths(e *env) {
	path := ""
	for i := range 4 {
		path += fmt.Sprintf("/%d", i) + strings.Repeat("d", 99)
		e.mkdir(path)
	}
	e.put(path+"/file", "far away")
	e.want(path+"/file", "far away")
	e.wantList(path, "file")
	e.ok("rename", e.fs.Rename(e.ctx(), path+"/file", path+"/renamed", false))
	e.want(path+"/renamed", "far away")
	e.ok("remove", e.fs.Remove(e.ctx(), path+"/renamed"))
	for ; path != ""; path = path[:strings.LastIndexByte(path, '/')] {
		e.ok("rmdir", e.fs.RemoveDir(e.ctx(), path))
	}
	e.wantList("/")
}
