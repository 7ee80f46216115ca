package secdesc

// The letters of SDDL (MS-DTYP 2.5.1.1). They are functions, not variables, so
// that nobody can change the tables.

type typeRow struct {
	text string
	kind ACEType
}

func typeLetters() []typeRow {
	return []typeRow{
		{"A", Allowed}, {"D", Denied}, {"AU", Audit}, {"AL", 0x03},
		{"OA", AllowedObject}, {"OD", DeniedObject}, {"OU", 0x07}, {"OL", 0x08},
		{"XA", AllowedCallback}, {"XD", DeniedCallback}, {"ZA", AllowedCallbackObject}, {"XU", 0x0d},
		{"ML", MandatoryLabel}, {"RA", 0x12}, {"SP", 0x13}, {"TL", 0x14}, {"FL", 0x15},
	}
}

type flagRow struct {
	text string
	flag ACEFlags
}

func flagLetters() []flagRow {
	return []flagRow{
		{"OI", ObjectInherit}, {"CI", ContainerInherit}, {"NP", NoPropagate}, {"IO", InheritOnly},
		{"ID", Inherited}, {"CR", Critical}, {"SA", AuditSuccess}, {"FA", AuditFailure},
	}
}

type rightRow struct {
	text string
	mask Rights
}

// rightLetters are one bit each.
func rightLetters() []rightRow {
	return []rightRow{
		{"GA", GenericAll}, {"GR", GenericRead}, {"GW", GenericWrite}, {"GX", GenericExecute},
		{"CC", CreateChild}, {"DC", RemoveChild}, {"LC", ListContents}, {"SW", ValidatedSelf}, {"RP", ReadProperty},
		{"WP", WriteProperty}, {"DT", DeleteTree}, {"LO", ListObject}, {"CR", ControlAccess},
		{"SD", Delete}, {"RC", ReadControl}, {"WD", WriteDACL}, {"WO", WriteOwner},
	}
}

// wholeLetters are written where the mask is exactly this.
func wholeLetters() []rightRow {
	return []rightRow{{"FA", FileFull}, {"FR", FileRead}, {"FW", FileWrite}, {"FX", FileExecute}}
}

// keyLetters are understood and never written: they are masks of registry keys.
func keyLetters() []rightRow {
	return []rightRow{{"KA", 0x0f003f}, {"KR", 0x020019}, {"KW", 0x020006}, {"KX", 0x020019}}
}

// labelLetters are those of mandatory labels.
func labelLetters() []rightRow {
	return []rightRow{{"NW", 1}, {"NR", 2}, {"NX", 4}}
}

// domainRow is an alias for an account of a domain.
type domainRow struct {
	text string
	rid  uint32
}

// domainLetters are understood where the domain is known, and never written: the
// text would mean something else in another domain.
func domainLetters() []domainRow {
	return []domainRow{
		{"RO", 498}, {"LA", 500}, {"LG", 501}, {"DA", 512}, {"DU", 513}, {"DG", 514}, {"DC", 515}, {"DD", 516}, {"CA", 517},
		{"SA", 518}, {"EA", 519}, {"PA", 520}, {"CN", 522}, {"AP", 525}, {"KA", 526}, {"EK", 527}, {"RS", 553},
	}
}
