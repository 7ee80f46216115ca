package smbfs

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// store writes content in pieces of the length.
func store(w *writeBehind, content []byte, length int) error {
	for part := range slices.Chunk(content, length) {
		if n, err := w.Write(part); err != nil || n != len(part) {
			return err
		}
	}
	return nil
}

func TestWriteBehind_storesEveryOctet(t *testing.T) {
	for _, size := range []int{0, 1, 4096, sip, sip + 1, chunk, chunk + 1, 9*chunk + 77} {
		for _, length := range []int{1000, 256 << 10, 3*chunk + 1} {
			synctest.Test(t, func(t *testing.T) {
				d := &disk{takes: uneven, content: []byte("before")}
				w := newWriteBehind(d.write, 6, wide())
				want := append([]byte("before"), places(size)...)
				if err := store(&w, want[6:], length); err != nil {
					t.Fatal(err)
				}
				stored, err := w.flush()
				if err != nil || stored != int64(len(want)) || !bytes.Equal(d.content, want) {
					t.Errorf("%d octets by %d: stored up to %d, %v", size, length, stored, err)
				}
				if d.most > four || size > 8*chunk && d.most < four {
					t.Errorf("%d octets: %d requests were under way", size, d.most)
				}
				if got, want := len(d.asked), (size+chunk-1)/chunk; got != want {
					t.Errorf("%d octets by %d: %d requests, want %d", size, length, got, want)
				}
			})
		}
	}
}

// A short file costs one request, and no more memory than it may need.
func TestWriteBehind_aShortFile(t *testing.T) {
	d := &disk{}
	w := newWriteBehind(d.write, 0, wide())
	if err := store(&w, places(4096), 1024); err != nil || len(d.asked) > 0 || cap(w.hand) > sip {
		t.Fatalf("%v; asked for %q, room for %d", err, d.asked, cap(w.hand))
	}
	if _, err := w.flush(); err != nil || !slices.Equal(d.asked, []string{"4096 at 0"}) {
		t.Errorf("%v; asked for %q", err, d.asked)
	}
}

// After a flush the upload goes on.
func TestWriteBehind_flushInBetween(t *testing.T) {
	d := &disk{}
	w := newWriteBehind(d.write, 0, wide())
	want := places(2*chunk + 500)
	for _, part := range [][]byte{want[:100], want[100 : chunk+7], want[chunk+7:]} {
		if err := store(&w, part, 1<<20); err != nil {
			t.Fatal(err)
		}
		if stored, err := w.flush(); err != nil || stored != int64(len(d.content)) {
			t.Fatalf("stored up to %d of %d, %v", stored, len(d.content), err)
		}
	}
	if !bytes.Equal(d.content, want) {
		t.Errorf("%d octets are not those that were written", len(d.content))
	}
}

// What lies behind the first octet that is missing does not count, although the
// server has it.
func TestWriteBehind_theFirstErrorWins(t *testing.T) {
	for _, bad := range []int64{0, 3 * chunk, 7 * chunk} {
		synctest.Test(t, func(t *testing.T) {
			later := errors.New("a later one, known sooner")
			d := &disk{
				takes: func(at int64) time.Duration {
					if at == bad {
						return 50 * time.Millisecond
					}
					return 5 * time.Millisecond
				},
				fails: func(at int64) error {
					switch {
					case at == bad:
						return errDisk
					case at == bad+chunk:
						return later
					}
					return nil
				},
			}
			w := newWriteBehind(d.write, 0, wide())
			said := store(&w, places(20*chunk), 100_000)
			stored, err := w.flush()
			if !errors.Is(said, errDisk) || !errors.Is(err, errDisk) || stored != bad {
				t.Errorf("write said %v, flush %v; stored up to %d, want %d", said, err, stored, bad)
			}
			if len(d.asked) > int(bad/chunk)+2*four {
				t.Errorf("%d requests were made", len(d.asked))
			}
			if n, err := w.Write([]byte("more")); n != 0 || !errors.Is(err, errDisk) {
				t.Errorf("afterwards: %d, %v", n, err)
			}
		})
	}
}

func TestWriteBehind_aShortAnswerIsAnError(t *testing.T) {
	w := newWriteBehind(func(octets []byte, _ int64) (int, error) { return len(octets) - 1, nil }, 0, wide())
	if _, err := w.Write([]byte("content")); err != nil {
		t.Fatal(err)
	}
	if stored, err := w.flush(); err == nil || stored != 6 {
		t.Errorf("stored up to %d, %v", stored, err)
	}
}

// In place, nothing is written before what precedes it is there.
func TestWriteBehind_oneAfterTheOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{takes: uneven}
		w := newWriteBehind(d.write, 0, window{size: 1, most: 1, patience: 30 * time.Second})
		if err := store(&w, places(9*chunk), chunk/2); err != nil {
			t.Fatal(err)
		}
		if _, err := w.flush(); err != nil || d.most != 1 {
			t.Errorf("%v; %d requests were under way", err, d.most)
		}
		for i, asked := range d.asked {
			if want := fmt.Sprintf("%d at %d", chunk, i*chunk); asked != want {
				t.Errorf("request %d is %s, want %s", i, asked, want)
			}
		}
	})
}

// What is slow is not made slower by more of it.
func TestWriteBehind_slowServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{takes: func(int64) time.Duration { return 5 * time.Second }}
		w := newWriteBehind(d.write, 0, window{size: four, most: four, patience: 30 * time.Second})
		if err := store(&w, places(9*chunk), chunk); err != nil {
			t.Fatal(err)
		}
		d.mu.Lock()
		d.most = 0
		d.mu.Unlock()
		if err := store(&w, places(4*chunk), chunk); err != nil {
			t.Fatal(err)
		}
		w.drop()
		if d.most > 1 {
			t.Errorf("%d requests were under way", d.most)
		}
	})
}

func TestWriteBehind_dropLeavesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{takes: uneven}
		w := newWriteBehind(d.write, 0, wide())
		if err := store(&w, places(6*chunk+99), 4096); err != nil {
			t.Fatal(err)
		}
		w.drop()
		if d.underWay > 0 || len(d.asked) != 6 || w.hand != nil {
			t.Errorf("%d requests are under way, %d were made", d.underWay, len(d.asked))
		}
	})
}
