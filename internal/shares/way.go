package shares

import (
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

// Way is how a place is reached that the policy admits: for those who look after
// many places at once and want to know which of them lie together.
type Way struct{ to route }

// Way returns how to reach a place as an account, or the error that Open returns for
// one that it does not reach for. It sends nothing.
func (o *Opener) Way(location homedir.Location, as Credentials) (Way, error) {
	to, err := o.route(location, as)
	return Way{to}, err
}

// Local reports whether the place is a folder of this machine.
func (w Way) Local() bool { return w.to.local() }

// Address is host and port of the file server; "" of a local place.
func (w Way) Address() string {
	if w.Local() {
		return ""
	}
	return w.to.address()
}

// Volume is what holds the place: its share, or the admitted folder.
func (w Way) Volume() homedir.Location {
	if w.Local() {
		return w.to.root
	}
	return w.to.location.Base()
}

// Below is the path below Volume, slash-separated; "" is the volume itself.
func (w Way) Below() string {
	if w.Local() {
		return w.to.below
	}
	return w.to.location.Path()
}
