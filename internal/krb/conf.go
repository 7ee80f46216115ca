package krb

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Conf is what counts for us in krb5.conf. gokrb5's own parser ignores includes and
// fails on values that distributions write, such as
// "dns_canonicalize_hostname = fallback", so nothing is given to it.
type Conf struct {
	DefaultRealm string
	Skew         time.Duration       // how far clocks may differ
	KDCs         map[string][]string // realm → host:port
	realms       map[string]string   // host or .domain, lower case → realm
}

const (
	maxConfFile  = 1 << 20
	maxConfFiles = 64
)

// LoadConf reads the named file, which must exist, or those of KRB5_CONFIG, or
// /etc/krb5.conf. Without any, the domain name alone says everything. Files of
// more than 1 MiB and more than 64 of them are refused.
func LoadConf(path string) (*Conf, error) {
	conf := &Conf{Skew: DefaultSkew, KDCs: map[string][]string{}, realms: map[string]string{}}
	paths, must := []string{path}, true
	if path == "" {
		paths, must = filepath.SplitList(os.Getenv("KRB5_CONFIG")), false
	}
	if len(paths) == 0 {
		paths = []string{"/etc/krb5.conf"}
	}
	r := &confReader{}
	for _, path := range paths {
		if err := r.file(path); err != nil && (must || !errors.Is(err, fs.ErrNotExist)) {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
	}
	conf.read(r.lines)
	return conf, nil
}

// confReader expands include and includedir (krb5.conf(5)).
type confReader struct {
	lines []string
	files int
}

// file appends the lines of a file and of what it includes.
func (r *confReader) file(path string) error {
	if r.files++; r.files > maxConfFiles {
		return errors.New("includes too many files")
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxConfFile+1))
	if err != nil {
		return err
	}
	if len(text) > maxConfFile {
		return fmt.Errorf("%s is too long", path)
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		directive, argument := line, ""
		if i := strings.IndexAny(line, " \t"); i >= 0 {
			directive, argument = line[:i], line[i:]
		}
		switch {
		case line == "" || line[0] == '#' || line[0] == ';':
		case directive == "include":
			err = r.file(strings.TrimSpace(argument))
		case directive == "includedir":
			err = r.folder(strings.TrimSpace(argument))
		default:
			r.lines = append(r.lines, line)
		}
		// A missing snippet is no reason to give up what the others say.
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// folder includes the files of a folder that MIT's library would include.
func (r *confReader) folder(path string) error {
	entries, err := os.ReadDir(path)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !includedName(entry.Name()) {
			continue
		}
		if err := r.file(filepath.Join(path, entry.Name())); err != nil {
			return err
		}
	}
	return nil
}

// includedName: letters, digits, dashes and underscores, or an end in ".conf".
func includedName(name string) bool {
	if strings.HasPrefix(name, ".") {
		return false
	}
	plain := !strings.ContainsFunc(name, func(r rune) bool {
		return r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
	return plain || strings.HasSuffix(name, ".conf")
}

// read takes what it understands and passes over everything else.
func (c *Conf) read(lines []string) {
	section, realm, depth := "", "", 0
	for _, line := range lines {
		if strings.HasPrefix(line, "[") {
			section, realm, depth = strings.ToLower(strings.Trim(line, "[]*")), "", 0
			continue
		}
		if strings.HasPrefix(line, "}") {
			depth = max(depth-1, 0)
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if !ok {
			continue
		}
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		if strings.HasPrefix(value, "{") {
			if depth++; depth == 1 {
				realm = key
			}
			if strings.HasSuffix(value, "}") { // on one line
				depth--
			}
			continue
		}
		c.set(section, realm, depth, [2]string{key, plainValue(value)})
	}
}

// set takes one relation, if it is one that counts. A realm's own relations are
// at depth 1; deeper ones belong to subsections such as auth_to_local_names.
func (c *Conf) set(section, realm string, depth int, pair [2]string) {
	key, value := pair[0], pair[1]
	switch {
	case value == "":
	case section == "libdefaults" && depth == 0:
		c.setDefault(strings.ToLower(key), value)
	case section == "realms" && depth == 1 && strings.EqualFold(key, "kdc"):
		if address := kdcAddress(value); address != "" && !slices.Contains(c.KDCs[realm], address) {
			c.KDCs[realm] = append(c.KDCs[realm], address)
		}
	case section == "domain_realm" && depth == 0:
		c.realms[strings.ToLower(key)] = value
	}
}

// setDefault takes a relation of [libdefaults].
func (c *Conf) setDefault(key, value string) {
	switch key {
	case "default_realm":
		if c.DefaultRealm == "" { // the first one counts
			c.DefaultRealm = value
		}
	case "clockskew":
		if seconds, err := strconv.Atoi(strings.TrimSuffix(value, "s")); err == nil && seconds > 0 && seconds <= 86400 {
			c.Skew = time.Duration(seconds) * time.Second
		}
	}
}

// plainValue drops a comment, the final-value mark and quotes.
func plainValue(value string) string {
	if i := strings.IndexAny(value, "#;"); i >= 0 {
		value = value[:i]
	}
	return strings.Trim(strings.TrimSpace(value), `"* `)
}

// kdcAddress makes host:port of "host", "host:port" and "tcp/host:port"; a KDC
// behind HTTPS or UDP alone cannot be used.
func kdcAddress(value string) string {
	if strings.Contains(value, "://") || strings.HasPrefix(value, "udp/") {
		return ""
	}
	return withPort(strings.TrimPrefix(value, "tcp/"))
}

// RealmOf looks a host up in [domain_realm], itself, then the domains above it, and
// returns "" if nothing is said about them.
func (c *Conf) RealmOf(host string) string {
	host = strings.ToLower(host)
	if realm, ok := c.realms[host]; ok {
		return realm
	}
	for {
		_, parent, ok := strings.Cut(host, ".")
		if !ok {
			return ""
		}
		if realm, ok := c.realms["."+parent]; ok {
			return realm
		}
		host = parent
	}
}
