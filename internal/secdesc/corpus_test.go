package secdesc_test

import "testing"

func realDescriptors(t testing.TB) [][]byte { t.Helper(); return nil }
