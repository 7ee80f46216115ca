/*
 * What Wine 8 lacks of what Go's runtime wants, for tests alone: a library of the name that the runtime loads first.
 *
 * ProcessPrng is how the runtime gets random numbers. Wine has it from version 8.5 on.
 *
 * NtSetInformationFile answers "not implemented" for the ways to delete and rename that Windows has since version
 * 10. Windows before that answers "invalid class", and then Go takes the older ways. Here the one answer becomes the
 * other; without it Go cannot delete a file under Wine.
 */
#include <windows.h>
#include <winternl.h>

#define NOT_IMPLEMENTED ((NTSTATUS)0xC0000002)
#define INVALID_INFO_CLASS ((NTSTATUS)0xC0000003)

enum { ENTRY = 32, JUMP = 12 }; /* bytes of a system call's entry, all of it free of relative addresses; of a jump */

typedef NTSTATUS(NTAPI *set_information)(HANDLE, PIO_STATUS_BLOCK, PVOID, ULONG, FILE_INFORMATION_CLASS);

BOOLEAN NTAPI SystemFunction036(PVOID buffer, ULONG length); /* RtlGenRandom, in advapi32 */

static set_information real;

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE buffer, SIZE_T length)
{
	return SystemFunction036(buffer, (ULONG)length);
}

static NTSTATUS NTAPI answer(HANDLE file, PIO_STATUS_BLOCK block, PVOID data, ULONG length, FILE_INFORMATION_CLASS class)
{
	NTSTATUS status = real(file, block, data, length, class);
	return status == NOT_IMPLEMENTED ? INVALID_INFO_CLASS : status;
}

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, LPVOID reserved)
{
	if (reason != DLL_PROCESS_ATTACH)
		return TRUE;
	BYTE *entry = (BYTE *)GetProcAddress(GetModuleHandleA("ntdll"), "NtSetInformationFile");
	BYTE *copy = VirtualAlloc(NULL, ENTRY, MEM_COMMIT | MEM_RESERVE, PAGE_EXECUTE_READWRITE);
	BYTE jump[JUMP] = {0x48, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xe0}; /* mov rax, answer; jmp rax */
	set_information to = answer;
	DWORD before;
	/* Another Wine has another entry: then leave it alone, and the tests tell. */
	if (!entry || !copy || entry[0] != 0x4c || entry[1] != 0x8b || entry[2] != 0xd1)
		return TRUE;
	CopyMemory(copy, entry, ENTRY);
	real = (set_information)copy;
	CopyMemory(jump + 2, &to, sizeof to);
	if (VirtualProtect(entry, JUMP, PAGE_EXECUTE_READWRITE, &before)) {
		CopyMemory(entry, jump, JUMP);
		VirtualProtect(entry, JUMP, before, &before);
	}
	return TRUE;
}
