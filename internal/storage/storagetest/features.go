// Package storagetest defines what a storage.FS does: the conformance suite that
// every implementation runs.
package storagetest

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
)

// Features says what an implementation can be asked beyond the contract.
type Features struct{}

// Run runs the suite; open returns an empty home, whose end the suite sees to.
func Run(t *testing.T, open func(t *testing.T) storage.FS, opt Features) {}
