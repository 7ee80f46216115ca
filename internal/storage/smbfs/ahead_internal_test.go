package smbfs

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"sync"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"
)

// disk is a file whose requests take their time.
type disk struct {
	takes func(at int64) time.Duration
	fails func(at int64) error

	mu             sync.Mutex
	content        []byte
	underWay, most int
	asked          []string
}

// enter waits for as long as a request at this place takes.
func (d *disk) enter(octets []byte, at int64) (leave func(), err error) {
	d.mu.Lock()
	d.underWay++
	d.most = max(d.most, d.underWay)
	d.asked = append(d.asked, fmt.Sprintf("%d at %d", len(octets), at))
	d.mu.Unlock()
	if d.takes != nil {
		<-time.After(d.takes(at))
	}
	if d.fails != nil {
		err = d.fails(at)
	}
	d.mu.Lock()
	d.underWay--
	return d.mu.Unlock, err
}

func (d *disk) read(octets []byte, at int64) (int, error) {
	leave, err := d.enter(octets, at)
	defer leave()
	switch {
	case err != nil:
		return 0, err
	case at >= int64(len(d.content)):
		return 0, io.EOF
	}
	return copy(octets, d.content[at:]), nil
}

func (d *disk) write(octets []byte, at int64) (int, error) {
	leave, err := d.enter(octets, at)
	defer leave()
	if err != nil {
		return 0, err
	}
	if lack := int(at) + len(octets) - len(d.content); lack > 0 {
		d.content = append(d.content, make([]byte, lack)...)
	}
	return copy(d.content[at:], octets), nil
}

// ahead reads the file as it is told to be.
func (d *disk) ahead(size, from int64) *readAhead {
	return &readAhead{do: d.read, size: size, next: from, window: wide()}
}

const four = 4

func wide() window { return window{size: 1, most: four, patience: 30 * time.Second} }

// places are octets that are different in every place of a few chunks.
func places(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i ^ i>>8 ^ i>>16 ^ i>>20)
	}
	return b
}

// uneven has later requests answered before earlier ones.
func uneven(at int64) time.Duration {
	return time.Duration(1+(at/chunk)%3*7) * 10 * time.Millisecond
}

var errDisk = errors.New("disk")

// at fails the request there.
func at(place int64) func(int64) error {
	return func(at int64) error {
		if at == place {
			return errDisk
		}
		return nil
	}
}

func TestReadAhead_givesEveryOctetInOrder(t *testing.T) {
	for _, size := range []int{0, 1, 4096, sip, sip + 1, chunk - 1, chunk, chunk + 1, 3 * chunk, 9*chunk + 77} {
		for _, from := range []int{0, size / 3, size} {
			synctest.Test(t, func(t *testing.T) {
				d := &disk{content: places(size), takes: uneven}
				r := d.ahead(int64(size), int64(from))
				defer r.close(fs.ErrClosed)
				got, err := io.ReadAll(r)
				if err != nil || !bytes.Equal(got, d.content[from:]) {
					t.Errorf("%d octets from %d: got %d, %v", size, from, len(got), err)
				}
				if d.most > four || size > 8*chunk && from == 0 && d.most < four {
					t.Errorf("%d octets: %d requests were under way", size, d.most)
				}
			})
		}
	}
}

func TestReadAhead_readersOfAllKinds(t *testing.T) {
	d := &disk{content: places(2*chunk + 5)}
	if err := iotest.TestReader(d.ahead(int64(len(d.content)), 0), d.content); err != nil {
		t.Error(err)
	}
}

// A short file costs one request and no more room than it has octets.
func TestReadAhead_askedForAShortFile(t *testing.T) {
	for _, size := range []int{0, 1, 4096} {
		d := &disk{content: places(size)}
		r := d.ahead(int64(size), 0)
		if _, err := io.ReadAll(r); err != nil {
			t.Error(err)
		}
		if want := []string{fmt.Sprintf("%d at 0", size+1)}; !slices.Equal(d.asked, want) {
			t.Errorf("asked for %q, want %q", d.asked, want)
		}
		if cap(r.current) == chunk {
			t.Error("a whole chunk of memory was taken")
		}
	}
}

// While the reader is slow, or the server, more requests would only take memory and
// wait for each other.
func TestReadAhead_isNoWiderThanItHelps(t *testing.T) {
	const size = 12 * chunk
	for name, tt := range map[string]struct{ reader, server time.Duration }{
		"slow reader": {time.Second, time.Millisecond}, "slow server": {0, 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := &disk{content: places(size), takes: func(int64) time.Duration { return tt.server }}
				r := d.ahead(size, 0)
				defer r.close(fs.ErrClosed)
				for range size / chunk {
					if _, err := io.CopyN(io.Discard, r, chunk); err != nil {
						t.Fatal(err)
					}
					<-time.After(tt.reader)
				}
				d.mu.Lock() // a request that the window allows may be on its way
				defer d.mu.Unlock()
				if d.most > 2 {
					t.Errorf("%d requests were under way", d.most)
				}
			})
		})
	}
}

func TestReadAhead_endsAtTheFirstError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{content: places(8 * chunk), takes: uneven, fails: at(5 * chunk)}
		r := d.ahead(8*chunk, 0)
		defer r.close(fs.ErrClosed)
		got, err := io.ReadAll(r)
		if !errors.Is(err, errDisk) || !bytes.Equal(got, d.content[:5*chunk]) {
			t.Errorf("got %d octets, %v", len(got), err)
		}
		if _, err := r.Read(make([]byte, 1)); !errors.Is(err, errDisk) {
			t.Errorf("once more: %v", err)
		}
	})
}

// A file may have another size than it had when it was opened.
func TestReadAhead_sizeThatHasChanged(t *testing.T) {
	for _, size := range []int{0, 10, chunk + 3, 2 * chunk, 5*chunk + 1} {
		for _, told := range []int64{0, 10, chunk, 2 * chunk, 9 * chunk} {
			synctest.Test(t, func(t *testing.T) {
				d := &disk{content: places(size), takes: uneven}
				r := d.ahead(told, 0)
				defer r.close(fs.ErrClosed)
				// It may have grown while the last octet was asked for, and then has that end.
				if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, d.content) {
					t.Errorf("%d octets that were %d: got %d, %v", size, told, len(got), err)
				}
			})
		}
	}
}

// A server that gives less than it was asked for is asked again from there.
func TestReadAhead_shortAnswers(t *testing.T) {
	d := &disk{content: places(3*chunk + 9)}
	r := d.ahead(int64(len(d.content)), 0)
	r.do = func(octets []byte, at int64) (int, error) { return d.read(octets[:max(len(octets)/2, 1)], at) }
	defer r.close(fs.ErrClosed)
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, d.content) {
		t.Errorf("got %d octets, %v", len(got), err)
	}
}

func TestReadAhead_closeLeavesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // which fails if a goroutine stays
		d := &disk{content: places(20 * chunk), takes: uneven}
		r := d.ahead(20*chunk, 0)
		if _, err := io.CopyN(io.Discard, r, 9*chunk); err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		r.close(fs.ErrClosed)
		if took := time.Since(begun); took > 200*time.Millisecond {
			t.Errorf("it took %v", took)
		}
		if d.underWay > 0 || len(d.asked) > 9+four {
			t.Errorf("%d requests are under way, %d were made", d.underWay, len(d.asked))
		}
		if n, err := r.Read(make([]byte, 1)); n != 0 || !errors.Is(err, fs.ErrClosed) {
			t.Errorf("read after close: %d, %v", n, err)
		}
	})
}
