package storage

import (
	"strings"
	"sync"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// OpenFiles knows which files this process is uploading or downloading, so that
// two sessions meet as two handles would on Windows. All homes that one server
// opens share one OpenFiles. Keys name the file's place, in one spelling for
// each place. The zero value is not usable; a nil *OpenFiles in Options means
// that a home has one of its own.
type OpenFiles struct {
	mu    sync.Mutex
	files map[string]openFile
}

type openFile struct {
	readers   int
	writing   bool
	temporary string
}

// NewOpenFiles returns an empty table.
func NewOpenFiles() *OpenFiles { return &OpenFiles{files: make(map[string]openFile)} }

// Write notes that the file is being uploaded, until release is called; a second
// call of release does nothing. It is winerr.SharingViolation while another
// upload goes on, or a download noted by Read. The temporary name, if there is
// one, is what Writing tells.
func (t *OpenFiles) Write(key, temporary string) (release func(), err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if f := t.files[key]; f.writing || f.readers > 0 {
		return nil, winerr.SharingViolation
	}
	t.files[key] = openFile{writing: true, temporary: temporary}
	return sync.OnceFunc(func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		f := t.files[key]
		f.writing, f.temporary = false, ""
		t.put(key, f)
	}), nil
}

// Read notes that the file is being downloaded, until release is called. The
// caller has asked Writing before.
func (t *OpenFiles) Read(key string) (release func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f := t.files[key]
	f.readers++
	t.files[key] = f
	return sync.OnceFunc(func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		f := t.files[key]
		f.readers--
		t.put(key, f)
	})
}

// Writing reports whether the file is being uploaded, and the temporary name, if
// any, that its bytes arrive under.
func (t *OpenFiles) Writing(key string) (temporary string, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f := t.files[key]
	return f.temporary, f.writing
}

// WritingBelow reports whether a file below the directory key is being uploaded;
// separator is what stands between components of a key.
func (t *OpenFiles) WritingBelow(key, separator string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for k, f := range t.files {
		if f.writing && strings.HasPrefix(k, key+separator) {
			return true
		}
	}
	return false
}

func (t *OpenFiles) put(key string, f openFile) {
	if f == (openFile{}) {
		delete(t.files, key)
		return
	}
	t.files[key] = f
}
