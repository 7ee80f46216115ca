package shares

import (
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
)

// At is the way to another path of the same volume, slash-separated. Whoever may look
// after a home may look after what is above it, up to the volume.
func (w Way) At(below string) Way {
	if w.Local() {
		w.to.below = below
		return w
	}
	w.to.location = w.to.location.Base().Below(below)
	return w
}

// OpenVolume opens the admitted folder that holds a place on this machine, with the
// rights of the process. Errors carry a winerr.Code.
func (o *Opener) OpenVolume(w Way) (storage.FS, error) { return o.openLocal(w.At("").to) }
