package ftptls

import (
	"crypto/tls"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"
)

// Certificates is the server's certificate with its chain and key. It can be read
// again while connections use it.
type Certificates struct {
	certFile, keyFile string // "" for one that has no files
	current           atomic.Pointer[tls.Certificate]
}

// Load reads a PEM certificate with its chain, and its key, from two files; both
// may be the same. The error names the file. A key file that everybody on the
// machine may read is refused.
func Load(certFile, keyFile string) (*Certificates, error) {
	c := &Certificates{certFile: certFile, keyFile: keyFile}
	if err := c.Reload(); err != nil {
		return nil, err
	}
	return c, nil
}

// Reload reads the files again. Connections made from now on use what it found;
// after an error they go on with the pair there was.
func (c *Certificates) Reload() error {
	if c.certFile == "" {
		return nil
	}
	if err := private(c.keyFile); err != nil {
		return err
	}
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return fmt.Errorf("certificate %s with key %s: %w", c.certFile, c.keyFile, err)
	}
	c.current.Store(&pair)
	return nil
}

// NotAfter is when the certificate expires.
func (c *Certificates) NotAfter() time.Time { return c.current.Load().Leaf.NotAfter }

// private refuses a key that is no secret. Windows' access lists are not looked at.
func private(file string) error {
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return fmt.Errorf("key of the certificate: %w", err)
	case !info.Mode().IsRegular():
		return fmt.Errorf("key of the certificate %s: %w", file, errors.New("is no regular file"))
	case readableByAll(info):
		return fmt.Errorf("key of the certificate %s: mode %04o lets everybody read it; chmod 0600 helps", file, info.Mode().Perm())
	}
	return nil
}
