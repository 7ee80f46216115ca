package journal

// Kind says what a run changes. Runs of different kinds are settled and taken back
// in different ways.
type Kind string

// The kinds.
const (
	Homes   Kind = ""        // the two attributes of users
	Folders Kind = "folders" // directories on file servers and on this machine
)

// FolderChange is what is to become of one directory.
type FolderChange struct {
	Place  string       `json:"place"`            // as the attributes name it: \\fs01\ftp$\alice
	Before *FolderState `json:"before,omitempty"` // nil: nothing stands there
	After  *FolderState `json:"after,omitempty"`  // nil: nothing is to stand there
}

// FolderState is what is known of a directory that stands in a place.
type FolderState struct {
	SDDL    string `json:"sddl,omitempty"`    // its descriptor; "": not known, or the folder above decides
	Created string `json:"created,omitempty"` // tells two directories of one name apart, one after the other
}
