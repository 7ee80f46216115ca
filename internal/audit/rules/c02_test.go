package rules_test

import (
	"context"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func TestC02(t *testing.T) {
	p := directory(t, domain)
	other := directory(t, nobodyHome()) // where the same user has no values, as for one who may not read them
	as := func(p *ldapattr.Permissions, password string) audit.Settings {
		return audit.Settings{Service: audit.Service{Name: `CORP\ada`, Open: func(ctx context.Context) (*ldapattr.Directory, error) {
			cfg, err := p.Forest.ConfigOf("CORP")
			if err != nil {
				return nil, err
			}
			if password != "" {
				cfg.Bind.User = password
			}
			return ldapattr.Open(ctx, cfg)
		}}}
	}
	if result, findings := ask(t, "C02", p, as(p, "")); result.Passed != 1 || len(findings) != 0 {
		t.Errorf("who can read: got %+v, %+v", result, findings)
	}
	if _, findings := ask(t, "C02", p, as(other, "")); len(findings) != 1 || findings[0].Login != `CORP\ada` {
		t.Errorf("who cannot: got %+v", findings)
	}
	if _, findings := ask(t, "C02", p, as(p, `CORP\al`)); len(findings) != 1 || findings[0].Message != "the account cannot log on" {
		t.Errorf("who cannot log on: got %+v", findings)
	}
	for _, settings := range []audit.Settings{{}, {Service: audit.Service{Name: "ada"}}} {
		if result, _ := ask(t, "C02", p, settings); result.NotChecked != 1 {
			t.Errorf("nothing is known: got %+v", result)
		}
	}
}
