//go:build embedded && unix

package main_test

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jlaffaye/ftp"
)

// files are the names of the luggage's files below up/copy.
func files(t *testing.T) []string {
	t.Helper()
	l, err := packed()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for name, sum := range l.sums {
		if sum != "folder" {
			names = append(names, name)
		}
	}
	return names
}

// curlConfig is the begin of a configuration file: passwords do not belong on the
// command line.
func (j *journey) curlConfig() *strings.Builder {
	var b strings.Builder
	fmt.Fprintf(&b, "silent\nshow-error\nfail\ngloboff\npath-as-is\nmax-time = 50\nuser = %q\n", alice)
	if j.tls != "clear" {
		fmt.Fprintf(&b, "ssl-reqd\ncacert = %q\n", j.trust)
	}
	if !j.passive {
		b.WriteString("ftp-port = \"127.0.0.1\"\n")
	}
	return &b
}

// curlURL names a file of the journey's folder.
func (j *journey) curlURL(name string) string {
	scheme := "ftp://"
	if j.tls == "implicit" {
		scheme = "ftps://"
	}
	var parts []string
	for part := range strings.SplitSeq(strings.TrimPrefix(j.dir, "/")+"/"+name, "/") {
		parts = append(parts, url.PathEscape(part))
	}
	return scheme + j.address() + "/" + strings.Join(parts, "/")
}

func curl(t *testing.T, config *strings.Builder) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "curl.conf")
	if err := os.WriteFile(file, []byte(config.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	out, code := run(t, nil, "curl", "--config", file)
	if code != 0 {
		t.Fatalf("exit %d\n%s", code, out)
	}
	return out
}

func curlJourney(t *testing.T, j *journey) {
	config := j.curlConfig()
	config.WriteString("ftp-create-dirs\n")
	for _, name := range files(t) {
		fmt.Fprintf(config, "upload-file = %q\nurl = %q\n", filepath.Join(j.up, "copy", name), j.curlURL("copy/"+name))
	}
	curl(t, config)

	config = j.curlConfig()
	fmt.Fprintf(config, "continue-at = -\nupload-file = %q\nurl = %q\n", filepath.Join(j.up, "copy", "big.bin"), j.curlURL("half.bin"))
	curl(t, config)

	config = j.curlConfig()
	config.WriteString("create-dirs\n")
	for _, name := range j.curlFind(t, "copy/") {
		fmt.Fprintf(config, "output = %q\nurl = %q\n", filepath.Join(j.down, name), j.curlURL(name))
	}
	curl(t, config)

	config = j.curlConfig()
	fmt.Fprintf(config, "continue-at = -\noutput = %q\nurl = %q\n", filepath.Join(j.down, "half.bin"), j.curlURL("half.bin"))
	curl(t, config)

	config = j.curlConfig()
	for _, command := range []string{
		"RNFR %s/copy/old name.txt", "RNTO %s/copy/new name.txt", "DELE %s/copy/doomed.txt", "MKD %s/made folder", "RMD %s/made folder",
		"MKD %s/kept folder",
	} {
		fmt.Fprintf(config, "quote = %q\n", fmt.Sprintf(command, j.dir))
	}
	fmt.Fprintf(config, "url = %q\n", j.curlURL(""))
	curl(t, config)
}

// curlFind lists a folder with all that is below and returns the names of files.
func (j *journey) curlFind(t *testing.T, dir string) []string {
	config := j.curlConfig()
	fmt.Fprintf(config, "request = \"LIST -a\"\nurl = %q\n", j.curlURL(dir))
	var found []string
	for line := range strings.Lines(curl(t, config)) {
		const column = 39 // of the name, in MS-DOS style
		name := dir + strings.TrimRight(line[column:], "\r\n")
		if strings.Contains(line[:column], "<DIR>") {
			found = append(found, j.curlFind(t, name+"/")...)
		} else {
			found = append(found, name)
		}
	}
	return found
}

func lftpJourney(t *testing.T, j *journey) {
	var b strings.Builder
	b.WriteString("set net:timeout 20\nset net:max-retries 2\nset net:reconnect-interval-base 1\nset cmd:fail-exit yes\nset ftp:list-options -a\n")
	fmt.Fprintf(&b, "set ftp:passive-mode %v\nset ssl:ca-file %q\nset ftp:ssl-force %v\nset ftp:ssl-protect-data yes\n", j.passive, j.trust, j.tls == "explicit")
	fmt.Fprintf(&b, "set ftp:ssl-allow %v\n", j.tls != "clear")
	scheme := map[bool]string{true: "ftps", false: "ftp"}[j.tls == "implicit"]
	user, password, _ := strings.Cut(alice, ":")
	fmt.Fprintf(&b, "open -u %s,%s %s://%s\n", user, password, scheme, j.address())
	fmt.Fprintf(&b, "mirror --reverse --parallel=8 %q %q\n", filepath.Join(j.up, "copy"), j.dir+"/copy")
	fmt.Fprintf(&b, "put -c %q -o %q\n", filepath.Join(j.up, "copy", "big.bin"), j.dir+"/half.bin")
	fmt.Fprintf(&b, "mirror --parallel=8 %q %q\n", j.dir+"/copy", filepath.Join(j.down, "copy"))
	fmt.Fprintf(&b, "get -c %q -o %q\n", j.dir+"/half.bin", filepath.Join(j.down, "half.bin"))
	fmt.Fprintf(&b, "find %q\n", j.dir)
	fmt.Fprintf(&b, "cd %q\nmv \"copy/old name.txt\" \"copy/new name.txt\"\nrm copy/doomed.txt\nmkdir \"made folder\"\nrmdir \"made folder\"\nmkdir \"kept folder\"\nbye\n", j.dir)
	file := filepath.Join(t.TempDir(), "lftp.script")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	out, code := run(t, []string{"LC_ALL=C.UTF-8", "HOME=" + t.TempDir()}, "lftp", "--norc", "-f", file)
	if code != 0 {
		t.Fatalf("exit %d\n%s", code, out)
	}
	for _, name := range hostileNames {
		if !strings.Contains(out, j.dir+"/copy/"+name+"\n") {
			t.Errorf("find does not name %q:\n%s", name, out)
		}
	}
}

func javaJourney(t *testing.T, j *journey) {
	classes, err := javaClasses()
	if err != nil {
		t.Fatal(err)
	}
	if out, code := run(t, j.environment(t), "java", "-Dsun.jnu.encoding=UTF-8", "-cp", commonsNet+":"+classes, "Journey"); code != 0 {
		t.Fatalf("exit %d\n%s", code, out)
	}
}

// commonsNet is where Debian has it.
const commonsNet = "/usr/share/java/commons-net.jar"

var javaClasses = sync.OnceValues(func() (string, error) {
	classes := filepath.Join(filepath.Dir(binary), "classes")
	return classes, runQuietly("javac", "-encoding", "UTF-8", "-cp", commonsNet, "-d", classes, filepath.Join("testdata", "clients", "Journey.java"))
})

// goConnect logs in with the library that most Go programs use.
func (j *journey) goConnect(t *testing.T) *ftp.ServerConn {
	options := []ftp.DialOption{ftp.DialWithTimeout(30 * time.Second)}
	if j.tls != "clear" {
		text, err := os.ReadFile(j.trust)
		if err != nil {
			t.Fatal(err)
		}
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(text)
		cfg := &tls.Config{ServerName: "localhost", RootCAs: roots, ClientSessionCache: tls.NewLRUClientSessionCache(0)}
		if j.tls == "explicit" {
			options = append(options, ftp.DialWithExplicitTLS(cfg))
		} else {
			options = append(options, ftp.DialWithTLS(cfg))
		}
	}
	c, err := ftp.Dial(j.address(), options...)
	if err != nil {
		t.Fatal(err)
	}
	user, password, _ := strings.Cut(alice, ":")
	if err := c.Login(user, password); err != nil {
		t.Fatal(err)
	}
	return c
}

func goJourney(t *testing.T, j *journey) {
	c := j.goConnect(t)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(c.MakeDir(j.dir + "/copy"))
	l, err := packed()
	must(err)
	for _, name := range folders(l.sums) {
		must(c.MakeDir(j.dir + "/copy/" + name))
	}
	store := func(local, remote string, offset int64) {
		file, err := os.Open(local)
		must(err)
		defer file.Close()
		_, err = file.Seek(offset, io.SeekStart)
		must(err)
		must(c.StorFrom(remote, file, uint64(offset)))
	}
	for _, name := range files(t) {
		store(filepath.Join(j.up, "copy", name), j.dir+"/copy/"+name, 0)
	}
	size, err := c.FileSize(j.dir + "/half.bin")
	must(err)
	store(filepath.Join(j.up, "copy", "big.bin"), j.dir+"/half.bin", size)

	walker := c.Walk(j.dir + "/copy")
	for walker.Next() {
		local := filepath.Join(j.down, strings.TrimPrefix(walker.Path(), j.dir))
		if walker.Stat().Type == ftp.EntryTypeFolder {
			must(os.MkdirAll(local, 0o700))
			continue
		}
		must(os.MkdirAll(filepath.Dir(local), 0o700))
		goFetch(t, c, walker.Path(), local)
	}
	must(walker.Err())
	goFetch(t, c, j.dir+"/half.bin", filepath.Join(j.down, "half.bin"))

	must(c.Rename(j.dir+"/copy/old name.txt", j.dir+"/copy/new name.txt"))
	must(c.Delete(j.dir + "/copy/doomed.txt"))
	must(c.MakeDir(j.dir + "/made folder"))
	must(c.RemoveDir(j.dir + "/made folder"))
	must(c.MakeDir(j.dir + "/kept folder"))
	must(c.Quit())
}

// goFetch downloads what the local file lacks at its end.
func goFetch(t *testing.T, c *ftp.ServerConn, remote, local string) {
	t.Helper()
	file, err := os.OpenFile(local, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	response, err := c.RetrFrom(remote, uint64(info.Size()))
	if err != nil {
		t.Fatalf("%s: %v", remote, err)
	}
	if _, err := io.Copy(file, response); err != nil {
		t.Fatalf("%s: %v", remote, err)
	}
	if err := response.Close(); err != nil {
		t.Fatalf("%s: %v", remote, err)
	}
}
