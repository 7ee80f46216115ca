package cli

import (
	"os"

	"github.com/ftpisoctl/ftpisoctl/internal/private"
)

// checkPrivate refuses a password file that others can read.
func checkPrivate(f *os.File) error {
	who, err := private.Readers(f)
	if err != nil {
		return usage("read the password file: %w", err)
	}
	if who != "" {
		return hint(usage("the password file %s is open to other users (%s)", f.Name(), who), private.Advice(f, who))
	}
	return nil
}
