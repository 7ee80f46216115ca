package secdesc_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
)

func TestSDDL_thereAndBack(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"all parts", "O:BAG:SYD:PARAI(A;OICI;FA;;;BA)S:PARAI(AU;SAFA;FA;;;WD)", ""},
		{"another order", "S:(AU;SA;FA;;;WD)D:(A;;FR;;;WD)G:SYO:BA", "O:BAG:SYD:(A;;FR;;;WD)S:(AU;SA;FA;;;WD)"},
		{"blanks around", " D:(A;;FR;;;WD)\n", "D:(A;;FR;;;WD)"},
		{"SID before a D", "O:S-1-5-21-1-2-3-500D:", ""},
		{"hexadecimal authority before a D", "O:S-1-0xdddddddddddd-500D:", ""},
		{"empty lists", "D:S:", ""},
		{"null lists", "D:NO_ACCESS_CONTROLS:NO_ACCESS_CONTROL", ""},
		{"letters of a domain are not written", "O:LAG:DUD:(A;;GA;;;DA)(A;;GA;;;EA)", "O:S-1-5-21-1-2-3-500G:S-1-5-21-1-2-3-513D:(A;;GA;;;S-1-5-21-1-2-3-512)(A;;GA;;;S-1-5-21-1-2-3-519)"},
		{"SID that has letters", "O:S-1-5-32-544", "O:BA"},
		{"all rights of directories", "D:(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;SY)", ""},
		{"generic rights", "D:(A;;GAGRGWGX;;;SY)", ""},
		{"rights in any order", "D:(A;;WDRC;;;SY)", "D:(A;;RCWD;;;SY)"},
		{"rights of files", "D:(A;;FA;;;SY)(A;;FR;;;SY)(A;;FW;;;SY)(A;;FX;;;SY)", ""},
		{"a mixture with rights of files", "D:(A;;FRFX;;;SY)", "D:(A;;0x1200a9;;;SY)"},
		{"rights of keys", "D:(A;;KR;;;SY)", "D:(A;;CCSWRPRC;;;SY)"},
		{"no rights", "D:(A;;;;;SY)", ""},
		{"number", "D:(A;;0x1301bf;;;SY)(A;;2032127;;;SY)", "D:(A;;0x1301bf;;;SY)(A;;FA;;;SY)"},
		{"object entries", "D:(OA;CIIO;RPWP;2a7827a4-1483-49a5-9d84-52e3812156b4;bf967aba-0de6-11d0-a285-00aa003049e2;PS)(OD;;CR;ab721a53-1e2f-11d0-9819-00aa0040529b;;WD)(OA;;CC;;bf967aba-0de6-11d0-a285-00aa003049e2;AU)", ""},
		{"GUID in braces", "D:(OA;;CR;{AB721A53-1E2F-11D0-9819-00AA0040529B};;WD)", "D:(OA;;CR;ab721a53-1e2f-11d0-9819-00aa0040529b;;WD)"},
		{"GUID of zeros is no missing one", "D:(OA;;CR;00000000-0000-0000-0000-000000000000;;WD)", ""},
		{"every flag", "D:(A;OICINPIOIDCRSAFA;FA;;;WD)", ""},
		{"conditional entries", "D:(XA;;FX;;;WD;0x61727478)(XD;;FX;;;WD)(ZA;;RP;bf967aba-0de6-11d0-a285-00aa003049e2;;WD;0x6172)(XU;;FA;;;WD)", ""},
		{"conditional refusal for an object, which has no letters", "D:(0xc;;RP;;;WD)", ""},
		{"label, attribute, policy", "S:(ML;;NWNRNX;;;LW)(RA;;;;;WD;0x01)(SP;;;;;S-1-17-1)(TL;;0x1;;;S-1-19-512-4096)", "S:(ML;;NWNRNX;;;LW)(RA;;;;;WD;0x01)(SP;;;;;S-1-17-1)(TL;;CC;;;S-1-19-512-4096)"},
		{"unknown type", "D:(0x4;OI;;;;;0xdeadbeef)(0x77;;;;;)", ""},
		{"number of a type that has letters", "D:(0x0;;FA;;;WD)", "D:(A;;FA;;;WD)"},
		// Microsoft, "Security descriptor string format", second example.
		{"Microsoft's example", "O:AOG:DAD:(A;;RPWPCCDCLCSWRCWDWOGA;;;S-1-0-0)", "O:AOG:S-1-5-21-1-2-3-512D:(A;;GACCDCLCSWRPWPRCWDWO;;;S-1-0-0)"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := test.want
			if want == "" {
				want = test.text
			}
			d := mustSDDL(t, test.text)
			if got := d.SDDL(); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			again, err := secdesc.Parse(d.Bytes())
			if err != nil || !reflect.DeepEqual(again, d) {
				t.Errorf("its octets: got %+v, %v, want %+v", again, err, d)
			}
		})
	}
}

func TestParseSDDL_refuses(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", "0 characters"},
		{"D", "is due"},
		{"X:BA", "is due"},
		{"O:BAX:", "characters"},
		{"d:", "is due"},
		{"D:D:", "D: twice"},
		{"O:", "O: of SDDL"},
		{"O:XX", `"XX" stands for no account`},
		{"O:DA", "it is not said of which"},
		{"O:S-1-5-x", "is not a SID"},
		{"D:(A;;FA;;;WD", "has no end"},
		{"D:(A;;FA;;;WD)x", "is due"},
		{"D:(A;;FA;;WD)", "has 5 fields"},
		{"D:(A;;FA;;;WD;;)", "has 8 fields"},
		{"D:(Q;;FA;;;WD)", `"Q" is no type`},
		{"D:(0x100;;FA;;;WD)", "is no type"},
		{"D:(A;O;FA;;;WD)", "are no flags"},
		{"D:(A;OIXX;FA;;;WD)", "are no flags"},
		{"D:(A;;F;;;WD)", "are no rights"},
		{"D:(A;;0x100000000;;;WD)", "are no rights"},
		{"D:(A;;FA;bf967aba-0de6-11d0-a285-00aa003049e2;;WD)", "fields that its type does not have"},
		{"D:(0x77;;FA;;;)", "fields that its type does not have"},
		{"D:(OA;;FA;x;;WD)", "is not of the form"},
		{"D:(OA;;FA;;x;WD)", "is not of the form"},
		{"D:(XA;;FX;;;WD;(@User.a==1))", "are not read"},
		{`D:(XA;;FX;;;WD;abcd)`, "are not read"},
		{`D:(XA;;FX;;;WD;0x)`, "are not read"},
		{"D:NO_ACCESS_CONTROL(A;;FA;;;WD)", "goes with no entry"},
		{"S:Q", "is due"},
	}
	for _, test := range tests {
		_, err := secdesc.ParseSDDL(test.text, "")
		if err == nil || !strings.Contains(err.Error(), test.want) && test.want != "characters" {
			t.Errorf("%q: got %v, want %q", test.text, err, test.want)
		}
	}
	if _, err := secdesc.ParseSDDL("O:"+strings.Repeat("S", 1<<20), ""); err == nil {
		t.Error("a text without bounds is taken")
	}
}

func TestRights_Names(t *testing.T) {
	tests := []struct {
		rights secdesc.Rights
		kind   secdesc.Kind
		want   string
	}{
		{0, secdesc.File, "nothing"},
		{secdesc.FileFull, secdesc.File, "full"},
		{secdesc.FileModify, secdesc.File, "modify"},
		{secdesc.FileModify | secdesc.WriteDACL, secdesc.File, "modify, change permissions"},
		{secdesc.FileReadExecute, secdesc.File, "read and execute"},
		{secdesc.FileRead, secdesc.File, "read"},
		{secdesc.FileRead | secdesc.FileWrite, secdesc.File, "read, write"},
		{secdesc.FileReadExecute | secdesc.FileWrite, secdesc.File, "read and execute, write"},
		{secdesc.FileReadExecute | secdesc.FileWrite | secdesc.Delete, secdesc.File, "modify"},
		{secdesc.ListFolder | secdesc.AddFile | secdesc.DeleteChild, secdesc.File, "list, add files, delete what is inside"},
		{secdesc.GenericAll, secdesc.File, "generic all"},
		{secdesc.Delete | 0x200, secdesc.File, "delete, 0x200"},
		{secdesc.ObjectFull, secdesc.Object, "full"},
		{secdesc.ReadProperty | secdesc.WriteProperty, secdesc.Object, "read properties, write properties"},
		{secdesc.ControlAccess | secdesc.ReadControl, secdesc.Object, "extended rights, read permissions"},
	}
	for _, test := range tests {
		if got := test.rights.Text(test.kind); got != test.want {
			t.Errorf("%#x: got %q, want %q", uint32(test.rights), got, test.want)
		}
	}
}

func TestRights_Expand(t *testing.T) {
	tests := []struct {
		rights secdesc.Rights
		kind   secdesc.Kind
		want   secdesc.Rights
	}{
		{secdesc.GenericAll, secdesc.File, secdesc.FileFull},
		{secdesc.GenericRead, secdesc.File, secdesc.FileRead},
		{secdesc.GenericWrite, secdesc.File, secdesc.FileWrite},
		{secdesc.GenericExecute | secdesc.GenericRead, secdesc.File, secdesc.FileReadExecute},
		{secdesc.GenericAll, secdesc.Object, secdesc.ObjectFull},
		{secdesc.GenericRead, secdesc.Object, 0x20094},
		{secdesc.GenericWrite, secdesc.Object, 0x20028},
		{secdesc.GenericExecute, secdesc.Object, 0x20004},
		{0x03000001, secdesc.File, 1},
	}
	for _, test := range tests {
		if got := test.rights.Expand(test.kind); got != test.want {
			t.Errorf("%#x: got %#x, want %#x", uint32(test.rights), uint32(got), uint32(test.want))
		}
	}
}
