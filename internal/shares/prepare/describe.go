package prepare

import (
	"context"
	"fmt"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Describe returns the descriptor of what stands in a place, a file or a folder. A
// folder of this machine on Unix has none (winerr.NotSupported). A place that the
// policy does not admit is a *shares.NotAllowedError and gets no packet.
func (s *Sites) Describe(ctx context.Context, location homedir.Location) (secdesc.Descriptor, error) {
	d, err := s.describe(ctx, location)
	if err != nil {
		return d, fmt.Errorf("read the access list of %s: %w", location, err)
	}
	return d, nil
}

func (s *Sites) describe(ctx context.Context, location homedir.Location) (d secdesc.Descriptor, err error) {
	way, err := s.way(location)
	if err != nil {
		return d, err
	}
	g, err := s.ground(ctx, way)
	if err != nil {
		return d, err
	}
	found, err := g.look(ctx, way.Below(), true)
	switch {
	case err != nil:
		return d, err
	case found == nil:
		return d, winerr.FileNotFound
	case found.link:
		return d, found.enterable()
	case !found.described:
		return d, fmt.Errorf("a folder of this machine has a mode, and no such list: %w", winerr.NotSupported)
	}
	return found.descriptor, nil
}
