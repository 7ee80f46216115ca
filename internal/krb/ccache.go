package krb

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"
)

// maxTicketFile bounds credential caches and keytabs; real ones have kilobytes.
const maxTicketFile = 16 << 20

// hintCache works with every MIT and Heimdal client, whatever its default cache.
const hintCache = "make a file cache: kinit -c FILE:/tmp/krb5cc_ftpisoctl USER, and set KRB5CCNAME=FILE:/tmp/krb5cc_ftpisoctl"

// cachePath turns a cache name as in KRB5CCNAME into a path. Only file caches can
// be read without MIT's library.
func cachePath(name string) (string, error) {
	if name == "" {
		name = os.Getenv("KRB5CCNAME")
	}
	if name == "" {
		name = "/tmp/krb5cc_" + strconv.Itoa(os.Getuid())
	}
	kind, path, ok := strings.Cut(name, ":")
	if !ok || strings.Contains(kind, "/") {
		return name, nil
	}
	if strings.EqualFold(kind, "FILE") {
		return path, nil
	}
	return "", unusable("the credential cache is of the kind "+abridge(kind)+", which cannot be read here", hintCache, nil)
}

// CachedTGT reads the ticket-granting ticket of a credential cache: FILE:path or a
// bare path; "" is that of KRB5CCNAME. The error is an *Error.
func (c *Client) CachedTGT(name string) (*TGT, error) {
	path, err := cachePath(name)
	if err != nil {
		return nil, err
	}
	refuse := func(reason string, err error) (*TGT, error) {
		return nil, unusable("credential cache "+path+" "+reason, hintCache, err)
	}
	octets, err := readTicketFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return refuse("does not exist", nil)
	}
	if err != nil {
		return refuse("cannot be read", err)
	}
	cache, err := parseCache(octets)
	if err != nil {
		return refuse(err.Error(), nil)
	}
	found, ok := cache.grantingTicket()
	if !ok {
		return refuse("holds no ticket-granting ticket", nil)
	}
	if time.Now().After(found.end) {
		return refuse("holds a ticket that expired at "+found.end.UTC().Format(time.RFC3339), nil)
	}
	granting, err := found.decode()
	if err != nil {
		return refuse("is damaged", err)
	}
	return &TGT{finder: &finder{client: c}, ticket: granting, key: found.key, name: cache.name, realm: cache.realm}, nil
}

// CacheRealm returns the realm of the principal that a credential cache belongs to,
// whose name is as for CachedTGT. Whether its tickets are good is not looked at.
func CacheRealm(name string) (string, error) {
	path, err := cachePath(name)
	if err != nil {
		return "", err
	}
	octets, err := readTicketFile(path)
	if err != nil {
		return "", err
	}
	cache, err := parseCache(octets)
	return cache.realm, err
}

// readTicketFile reads a whole file, but never an endless one such as a device.
func readTicketFile(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	octets, err := io.ReadAll(io.LimitReader(file, maxTicketFile+1))
	if err == nil && (len(octets) == 0 || len(octets) > maxTicketFile) {
		err = fmt.Errorf("it has %d octets", len(octets))
	}
	return octets, err
}
