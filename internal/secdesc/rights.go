package secdesc

// Rights is an access mask (MS-DTYP 2.4.3). What its lower 16 bits mean depends on
// the kind of object.
type Rights uint32

// The rights that every kind of object has.
const (
	Delete         Rights = 0x00010000
	ReadControl    Rights = 0x00020000 // read the descriptor
	WriteDACL      Rights = 0x00040000 // change permissions
	WriteOwner     Rights = 0x00080000 // take ownership
	Synchronize    Rights = 0x00100000
	GenericAll     Rights = 0x10000000
	GenericExecute Rights = 0x20000000
	GenericWrite   Rights = 0x40000000
	GenericRead    Rights = 0x80000000
)

// The rights of files and folders (MS-SMB2 2.2.13.1); where there are two names in
// Windows this is the folder's.
const (
	ListFolder      Rights = 0x001 // of a file: read it
	AddFile         Rights = 0x002 // of a file: write it
	AddFolder       Rights = 0x004 // of a file: append to it
	ReadEA          Rights = 0x008
	WriteEA         Rights = 0x010
	Traverse        Rights = 0x020 // of a file: execute it
	DeleteChild     Rights = 0x040 // delete what is inside, whatever its own list says
	ReadAttributes  Rights = 0x080
	WriteAttributes Rights = 0x100

	FileRead        Rights = 0x120089
	FileWrite       Rights = 0x120116
	FileExecute     Rights = 0x1200a0
	FileReadExecute Rights = 0x1200a9 // what Windows calls "read and execute", or "list folder contents"
	FileModify      Rights = 0x1301bf
	FileFull        Rights = 0x1f01ff
)

// The rights of directory objects (MS-ADTS 5.1.3.2).
const (
	CreateChild   Rights = 0x001
	RemoveChild   Rights = 0x002
	ListContents  Rights = 0x004
	ValidatedSelf Rights = 0x008 // validated writes
	ReadProperty  Rights = 0x010
	WriteProperty Rights = 0x020
	DeleteTree    Rights = 0x040
	ListObject    Rights = 0x080
	ControlAccess Rights = 0x100 // extended rights
	ObjectFull    Rights = 0x0f01ff
)

// Kind says whose rights a mask is about.
type Kind uint8

// The kinds.
const (
	File   Kind = iota // files and folders
	Object             // objects of a directory
)

// All returns every right that objects of the kind have.
func (k Kind) All() Rights {
	if k == Object {
		return ObjectFull
	}
	return FileFull
}

// Expand replaces generic rights by what they mean for the kind (MS-ADTS 5.1.3.2,
// MS-FSA 2.1.5.1), and drops bits that mean nothing for it.
func (r Rights) Expand(k Kind) Rights {
	read, write, execute := FileRead, FileWrite, FileExecute
	if k == Object {
		read = ReadControl | ListContents | ReadProperty | ListObject
		write = ReadControl | WriteProperty | ValidatedSelf
		execute = ReadControl | ListContents
	}
	for _, row := range [][2]Rights{{GenericRead, read}, {GenericWrite, write}, {GenericExecute, execute}, {GenericAll, k.All()}} {
		if r&row[0] != 0 {
			r |= row[1]
		}
	}
	return r & k.All()
}

// generic says whether some of the rights are generic ones.
func (r Rights) generic() bool {
	return r&(GenericAll|GenericExecute|GenericWrite|GenericRead) != 0
}
